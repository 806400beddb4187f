"""Where a page may lead on to: paths of this service only."""

import re
from typing import Final

START: Final = "/"
#: One slash, then neither a second one nor a backslash, which browsers
#: read as one; no blanks, no control characters.
_OWN_PATH: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]{0,1999}")
_LEADS_NOWHERE: Final = ("/sign-in", "/sign-out")


def own_path(sent: str) -> str:
    """``sent`` when it is a path of this service to go on with, else
    the start page: no redirect leads elsewhere.
    """
    if not _OWN_PATH.fullmatch(sent) or sent.partition("?")[0] in _LEADS_NOWHERE:
        return START
    return sent
