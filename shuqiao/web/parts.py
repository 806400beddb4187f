"""A multipart form while it arrives: its texts in memory, its file straight to where it stays.

It is read in two stages. What stands before the first file says who sends it (the form token of a
page); nothing is written for it. The file is read only when somebody asks for the whole, which is
behind the guards.
"""

from collections.abc import AsyncIterator
from typing import Final

import python_multipart
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from shuqiao.errors import BadRequest, TooLarge
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.uploads import Receiving, Room, Upload

#: A grid of a thousand items has eight fields a row.
FIELD_LIMIT: Final = 10_000
FILE_LIMIT: Final = 10
#: The field in which a file is taken; files of other fields are read over.
FILE_FIELD: Final = "file"
_AT_A_TIME: Final = 524_288
_HEADERS_LIMIT: Final = 8_192


class Parts:
    """The parts of one body. ``close`` is due at the end, whatever happened.

    ``takes_file``: whether the route takes one.
    """

    def __init__(self, headers: Headers, pieces: AsyncIterator[bytes], takes_file: bool) -> None:
        self.texts: list[tuple[str, str]] = []
        self.file: Upload | None = None
        #: Said by a guard before the file is read; None: it is bound by no more than the disk.
        self.room: Room | None = None
        self._pieces, self._takes_file = pieces, takes_file
        self._announced = announced_bytes(headers)
        self._is_whole = self._has_file = False
        self._files = self._text_bytes = self._header_bytes = 0
        self._head, self._heads = (bytearray(), bytearray()), dict[bytes, bytes]()
        self._name, self._text = "", bytearray()
        self._arriving: Receiving | None = None
        self._file_name: str | None = None
        self._is_text = self._is_ours = False
        self._waiting: list[bytes] = []
        self._parser = self._made(headers.get("content-type", ""))

    def _made(self, content_type: str) -> python_multipart.MultipartParser:
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        if not boundary or len(boundary) > 200:
            raise _malformed()
        return python_multipart.MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._heading(0, data[start:end]),
                "on_header_value": lambda data, start, end: self._heading(1, data[start:end]),
                "on_header_end": self._end_heading,
                "on_headers_finished": self._begin_content,
                "on_part_data": self._content,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    async def first(self) -> None:
        """Read up to the first file, or to the end. Raises ``BadRequest`` or ``TooLarge``."""
        while not (self._has_file or self._is_whole):
            await self._read_on()

    async def whole(self) -> None:
        """Read to the end. Raises the same, and what :class:`Receiving` does."""
        await self._write()
        while not self._is_whole:
            await self._read_on()
            if sum(map(len, self._waiting)) >= _AT_A_TIME:
                await self._write()
        async for _rest in self._pieces:  # an epilogue means nothing
            pass
        await self._write()
        if self._arriving is not None:
            self.file = await run_in_threadpool(self._arriving.finish)
            self._arriving = None

    @property
    def holds_a_file(self) -> bool:
        return self._arriving is not None or self.file is not None

    def close(self) -> None:
        """Remove what nobody kept."""
        if self._arriving is not None:
            self._arriving.abandon()
            self._arriving = None
        if self.file is not None and not self.file.is_kept:
            self.file.discard()

    async def _read_on(self) -> None:
        piece = await anext(self._pieces, None)
        if piece is None:  # one cut off is refused: its last part would be missing
            raise _malformed()
        try:
            self._parser.write(piece)
        except FormParserError:
            raise _malformed() from None

    async def _write(self) -> None:
        """What of the file has come, to its place; nobody else waits for the disk."""
        if self._file_name is None:
            return
        piece, self._waiting = b"".join(self._waiting), []
        if self._arriving is None and self.file is None:
            self._arriving = await run_in_threadpool(self._begun)
        if piece and self._arriving is not None:
            await run_in_threadpool(self._arriving.write, piece)

    def _begun(self) -> Receiving:
        return Receiving(self._file_name, size=self._announced, room=self.room)

    # What the parser finds, in the order in which it comes.

    def _begin_part(self) -> None:
        self._heads, self._header_bytes = {}, 0
        self._is_text = self._is_ours = False

    def _heading(self, place: int, data: bytes) -> None:
        self._header_bytes += len(data)
        if self._header_bytes > _HEADERS_LIMIT:
            raise _malformed()
        self._head[place].extend(data)

    def _end_heading(self) -> None:
        name, value = map(bytes, self._head)
        self._heads[name.lower()] = value
        self._head = (bytearray(), bytearray())

    def _begin_content(self) -> None:
        options = parse_options_header(self._heads.get(b"content-disposition", b""))[1]
        if b"name" not in options:
            raise _malformed()
        self._name, self._text = _decoded(options[b"name"]), bytearray()
        self._is_text = b"filename" not in options
        if self._is_text:
            self._count_text(len(self._name))
            return
        self._files += 1
        file_name = _decoded(options[b"filename"])
        # A browser sends an empty name where no file was chosen.
        self._is_ours = bool(self._takes_file and self._name == FILE_FIELD and file_name)
        if self._files > FILE_LIMIT or (self._is_ours and self._file_name is not None):
            raise BadRequest(_("Send one file at a time, in the field file."))
        if self._is_ours:
            self._has_file, self._file_name = True, file_name

    def _content(self, data: bytes, start: int, end: int) -> None:
        if self._is_text:
            self._count_text(end - start)
            self._text += data[start:end]
        elif self._is_ours:
            self._waiting.append(data[start:end])

    def _end_part(self) -> None:
        if self._is_text:
            self.texts.append((self._name, _decoded(bytes(self._text))))
            if len(self.texts) > FIELD_LIMIT:
                raise _malformed()

    def _end(self) -> None:
        self._is_whole = True

    def _count_text(self, size: int) -> None:
        """All texts together may be as large as a form without a file."""
        self._text_bytes += size
        if self._text_bytes > settings().body_limit_bytes:
            limit = settings().body_limit_bytes
            raise TooLarge(_("The body may have at most %(limit)s bytes.", limit=limit))


def announced_bytes(headers: Headers) -> int:
    """How long the body says it is; 0 when it does not."""
    told = headers.get("content-length", "")
    return int(told) if told.isdecimal() and len(told) < 19 else 0


def _decoded(sent: bytes) -> str:
    """A byte that is no UTF-8 becomes U+FFFD, which forms refuse."""
    return sent.decode("utf-8", "replace")


def _malformed() -> BadRequest:
    how = _("Send multipart/form-data whole and with its boundary, as browsers and curl -F do.")
    return BadRequest(how)
