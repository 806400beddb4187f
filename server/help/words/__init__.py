"""What the help says, task by task, with the names that the pages really bear.

One topic, one page.
"""
