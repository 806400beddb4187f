"""The revisions of the database, in the wheel too: `shuqiao migrate`
runs them wherever it is installed.
"""
