"""The body of a request, read once: as bytes, as a form, or as a form of files that streams.

Whatever looks at forms or raw bodies asks here, in any order; before that nothing is read. Of a
form with a file only what stands before the file is read without the guards' leave.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request

from shuqiao.errors import FieldError, Invalid, UnsupportedMedia
from shuqiao.i18n import _
from shuqiao.uploads import Upload
from shuqiao.web.parts import FIELD_LIMIT, Parts
from shuqiao.web.slots import Slot

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
FORMS: Final = frozenset({URLENCODED, MULTIPART})
#: Which addresses take files is their stage's to say; a large multipart body anywhere else is
#: refused like large JSON.
UPLOADS: Final[Slot[re.Pattern[str]]] = Slot(re.compile(r"(?!)"))
NO_FILE: Final = FieldError(
    "/file", "missing", _("No file was chosen"), _("Choose the file that holds the data.")
)
#: Under this name of the request's state a dependency puts the room that its file may take.
ROOM: Final = "room"
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


@dataclass(frozen=True, slots=True)
class SentForm:
    """The texts of a form by field, in the order sent, and the file of the field ``file``."""

    texts: Sequence[tuple[str, str]] = ()
    file: Upload | None = None


async def first_texts(request: Request) -> Sequence[tuple[str, str]]:
    """The texts of a form up to its first file, for whoever must know who sends it. A route that
    takes the form reads on from there.

    Raises ``UnsupportedMedia`` (415) for another body than this address takes, ``BadRequest`` (400)
    for a broken one.
    """
    parts = await _begun(request)
    if parts is None:
        return await _urlencoded(request)
    await parts.first()
    return parts.texts


async def sent_form(request: Request) -> SentForm:
    """The whole form, the same however often it is asked for. Whoever asks calls
    :func:`close_form` when the answer is out.

    Raises the same, and what :class:`~shuqiao.uploads.Receiving` does.
    """
    parts = await _begun(request)
    if parts is None:
        return SentForm(await _urlencoded(request))
    parts.room = getattr(request.state, ROOM, None)
    await parts.whole()
    return SentForm(parts.texts, parts.file)


async def close_form(request: Request) -> None:
    """Remove a file that came with the form and that nobody kept."""
    parts: Parts | None = getattr(request.state, "parts", None)
    if parts is not None and parts.holds_a_file:
        await asyncio.shield(run_in_threadpool(parts.close))  # a large one takes its time


async def sent_file(request: Request) -> AsyncIterator[Upload]:
    """The file of the field ``file``. A guard stands before it, so that strangers send in vain.

    Raises what :func:`sent_form` does, and ``Invalid`` (422) without a file.
    """
    try:
        form = await sent_form(request)
        if form.file is None:
            raise Invalid(errors=[NO_FILE])
        yield form.file
    finally:
        await close_form(request)


FileDep = Annotated[Upload, Depends(sent_file)]


async def _begun(request: Request) -> Parts | None:
    """The parts of a multipart body, begun once; None for another form."""
    _refuse_other_kinds(request)
    if media_type(request.headers) != MULTIPART:
        return None
    if not hasattr(request.state, "parts"):
        await sent_bytes(request)  # kept by Starlette, which then streams it
        takes_file = takes_files(request.url.path)
        request.state.parts = Parts(request.headers, request.stream(), takes_file)
    parts: Parts = request.state.parts
    return parts


async def _urlencoded(request: Request) -> Sequence[tuple[str, str]]:
    await sent_bytes(request)
    async with request.form(max_fields=FIELD_LIMIT) as form:
        return [(name, text) for name, text in form.multi_items() if isinstance(text, str)]


def _refuse_other_kinds(request: Request) -> None:
    media = media_type(request.headers)
    if takes_files(request.url.path) and media != MULTIPART:
        how = _("Send the file as a form does: as multipart/form-data, in the field file.")
        raise UnsupportedMedia(how)
    if media not in FORMS:
        raise UnsupportedMedia(_("Send the form as a browser does."))
