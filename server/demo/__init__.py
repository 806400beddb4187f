"""``shuqiao demo``: real processes, real PostgreSQL, the story over
HTTP as the eight people the law separates.
"""

from server.demo.running import main

__all__ = ["main"]
