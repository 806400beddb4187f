"""The interface's reference: the OpenAPI document in the reader's
language, and the pages made from it.
"""
