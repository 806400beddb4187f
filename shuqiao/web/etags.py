"""Versions as strong entity tags (RFC 9110): ``"v3"`` goes out in
``ETag`` and comes back in ``If-Match``.
"""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from shuqiao.errors import BadRequest, PreconditionRequired
from shuqiao.i18n import _

_TAG: Final = re.compile(r'"v(\d{1,10})"')


def etag(version: int) -> str:
    """The strong tag of ``version`` (a row's version number, from 1)."""
    return f'"v{version}"'


def read_tag(text: str) -> int:
    """The version in ``If-Match``.

    Raises ``BadRequest`` for anything but one strong tag of ours (``*`` included).
    """
    found = _TAG.fullmatch(text.strip())
    if found is None:
        raise BadRequest(_('If-Match must be one strong tag, for example "v3".'))
    return int(found.group(1))


def is_known(if_none_match: str | None, version: int) -> bool:
    """Whether ``If-None-Match`` names this version, so that 304 may be
    answered (weak comparison, lists, ``*``).
    """
    if if_none_match is None:
        return False
    tags = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return "*" in tags or etag(version) in tags


def asked_version(
    if_match: Annotated[
        str | None, Header(description='The version you saw, for example `"v3"`; 428 without.')
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired()
    return read_tag(if_match)


#: The version the caller saw. Services compare it and raise ``PreconditionFailed``.
IfMatchDep = Annotated[int, Depends(asked_version)]
