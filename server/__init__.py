"""What runs: the applications, the command line, the worker, the pages of the trail and of the
desk. Knows all.
"""
