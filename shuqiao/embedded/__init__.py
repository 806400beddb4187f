"""Embedded PostgreSQL 18: a real server without an installation, for a
laptop, a demo, a test run, a small site.

``places`` says where things lie and which operating-system user runs the server, ``binaries`` finds
the programs in the wheel, ``postmaster`` tells a living server from a dead one, ``locks`` counts
the users, ``server`` is what you call.
"""

from shuqiao.embedded.places import EmbeddedPostgresError
from shuqiao.embedded.server import ConnectionUrls, EmbeddedPostgres, embedded

__all__ = ["ConnectionUrls", "EmbeddedPostgres", "EmbeddedPostgresError", "embedded"]
