"""The body of a request, read once: as bytes, as a form, or as a form of files that streams.

Whatever looks at forms or raw bodies asks here, in any order; before that nothing is read.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from shuqiao.errors import BadRequest, FieldError, Invalid, UnsupportedMedia
from shuqiao.i18n import _
from shuqiao.web.slots import Slot

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
FORMS: Final = frozenset({URLENCODED, MULTIPART})
#: Which addresses take files is their stage's to say; a large multipart body anywhere else is
#: refused like large JSON.
UPLOADS: Final[Slot[re.Pattern[str]]] = Slot(re.compile(r"(?!)"))
#: A grid of a thousand items has eight fields a row.
FIELD_LIMIT: Final = 10_000
FILE_LIMIT: Final = 10
NO_FILE: Final = FieldError(
    "/file", "missing", _("No file was chosen"), _("Choose the file that holds the data.")
)
_BYTES: Final = {"type": "string", "contentMediaType": "application/octet-stream", "title": "File"}
_FILE: Final = {"type": "object", "required": ["file"], "properties": {"file": _BYTES}}
#: What a route with a ``FileDep`` says of its body where the API is described (``openapi_extra``).
FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {MULTIPART: {"schema": _FILE}}}
}


def media_type(headers: Headers) -> str:
    """What the body says it is, in lower case: case means nothing (RFC 9110, 8.3.1)."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def takes_files(path: str) -> bool:
    """Whether files are taken at this address."""
    return UPLOADS.held.search(path) is not None


async def sent_bytes(request: Request) -> bytes:
    """The raw body; empty where files are taken: the route itself digests those."""
    return b"" if takes_files(request.url.path) else await request.body()


@asynccontextmanager
async def sent_form(request: Request) -> AsyncIterator[FormData]:
    """The form sent, the same however often it is asked for; its files are closed with the block.

    Raises ``UnsupportedMedia`` (415) for another body than this address takes, ``BadRequest`` (400)
    for a broken one.
    """
    _refuse_other_kinds(request)
    await sent_bytes(request)  # kept by Starlette, which then reads the form from it
    if media_type(request.headers) == MULTIPART and request._form is None:
        request._form = await _whole(request)  # what Request.form() itself caches
    async with request.form(max_fields=FIELD_LIMIT) as form:
        yield form


async def sent_file(request: Request) -> AsyncIterator[UploadFile]:
    """The file of the field ``file``. A guard stands before it, so that strangers send in vain.

    Raises what :func:`sent_form` does, and ``Invalid`` (422) without a file.
    """
    async with sent_form(request) as form:
        found = form.get("file")
        if not isinstance(found, UploadFile) or not found.filename:
            raise Invalid(errors=[NO_FILE])
        yield found


FileDep = Annotated[UploadFile, Depends(sent_file)]


def _refuse_other_kinds(request: Request) -> None:
    media = media_type(request.headers)
    if takes_files(request.url.path) and media != MULTIPART:
        how = _("Send the file as a form does: as multipart/form-data, in the field file.")
        raise UnsupportedMedia(how)
    if media not in FORMS:
        raise UnsupportedMedia(_("Send the form as a browser does."))


class _Parser(MultiPartParser):
    """Notes the closing boundary."""

    is_whole = False

    def on_end(self) -> None:
        self.is_whole = True


async def _whole(request: Request) -> FormData:
    """The parts of a multipart body. One cut off is refused: its last part would be missing."""

    async def to_the_end() -> AsyncGenerator[bytes, None]:
        async for piece in request.stream():
            yield piece
        if not parser.is_whole:  # said inside of parse(), which then closes the files begun
            raise MultiPartException("no closing boundary")

    parser = _Parser(request.headers, to_the_end(), max_files=FILE_LIMIT, max_fields=FIELD_LIMIT)
    try:
        return await parser.parse()
    except MultiPartException:
        how = _("Send multipart/form-data whole and with its boundary, as browsers and curl -F do.")
        raise BadRequest(how) from None
