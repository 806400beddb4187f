"""Uploaded tables (CSV, Parquet): look at them, then turn them into Arrow.

The bytes are touched in a child only.

found = preview(path, file_name="schools.csv")
chosen = replace(found.options, types=found.proposed_types)
result = decode(path, file_name="schools.csv", options=chosen, target=out)
for batch in result.record_batches(): …
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from shuqiao.arrow.child.decoding import ChildLimits, run_in_child
from shuqiao.arrow.intake.options import DecodeLimits, FileKind, Preview, ReadOptions
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.disk import refusal_of
from shuqiao.i18n import Message, _
from shuqiao.settings import settings


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """What one intake may cost: the size of the file (bytes), the
    decoded table, the child that decodes it.
    """

    upload_bytes: int = 512 * 1_048_576
    table: DecodeLimits = field(default_factory=DecodeLimits)
    child: ChildLimits = field(default_factory=ChildLimits)
    #: How long somebody who looks at a file waits for a place to decode; a job waits for its turn.
    wait_seconds: float = 10.0

    @classmethod
    def from_settings(cls) -> "IntakeLimits":
        """The limits this service runs with. The wall clock gets twice the CPU time."""
        chosen = settings()
        child = ChildLimits(
            memory_bytes=chosen.decoder_memory_bytes,
            cpu_seconds=chosen.decode_seconds,
            wall_seconds=2.0 * chosen.decode_seconds,
            file_bytes=chosen.decoded_limit_bytes + 64 * 1_048_576,
        )
        table = DecodeLimits(decoded_bytes=chosen.decoded_limit_bytes)
        return cls(chosen.upload_limit_bytes, table, child, chosen.decoder_wait_seconds)


@dataclass(frozen=True, slots=True)
class DecodeResult:
    """A decoded table: an Arrow IPC file at ``target``, every batch of it fully validated.

    ``options`` are complete: they read the same file the same way again. ``decoded_bytes`` are
    Arrow bytes. ``child_peak_bytes`` (resident) and ``child_seconds`` (CPU) say what decoding cost.
    """

    target: Path
    kind: FileKind
    options: ReadOptions
    schema: pa.Schema
    rows: int
    decoded_bytes: int
    batches: int
    warnings: tuple[Message, ...]
    child_peak_bytes: int
    child_seconds: float

    def record_batches(self) -> Iterator[pa.RecordBatch]:
        """The batches in the order of the file, about 2 MB each, without copying them."""
        with pa.memory_map(str(self.target)) as source, pa.ipc.open_file(source) as file:
            for index in range(file.num_record_batches):
                yield file.get_batch(index)


def preview(
    path: Path,
    *,
    file_name: str,
    options: ReadOptions | None = None,
    limits: IntakeLimits | None = None,
    keeps: bool = False,
) -> Preview:
    """What is in the file and how it would be read.

    ``file_name`` is the uploader's and only words the answer. With ``keeps`` what another way of
    reading would end is no refusal, but the ``problem`` of the preview.

    Raises :class:`DecodeRefused` (422) or :class:`DecodeTooLarge` (413) with one clear sentence, or
    :class:`DecodersBusy` (503).
    """
    limits = limits or IntakeLimits.from_settings()
    _check_size(path, limits)
    arguments = _arguments(path, file_name, options, limits) | {"keeps": keeps}
    function = "shuqiao.arrow.intake.previews:describe_file"
    answer = run_in_child(function, arguments, limits.child, wait_seconds=limits.wait_seconds)
    return Preview.from_json(answer.value)


def decode(
    path: Path,
    *,
    file_name: str,
    options: ReadOptions,
    target: Path,
    limits: IntakeLimits | None = None,
) -> DecodeResult:
    """Write the table in ``path`` to ``target`` (Arrow IPC file).

    Columns are text unless ``options.types`` says more.

    Raises as :func:`preview`; a value that does not fit its kind refuses the file, with an error
    per column naming the first 20 rows. After a refusal there is no ``target``.
    """
    limits = limits or IntakeLimits.from_settings()
    _check_size(path, limits)
    arguments = _arguments(path, file_name, options, limits) | {"target": str(target.resolve())}
    try:
        answer = run_in_child("shuqiao.arrow.intake.previews:decode_file", arguments, limits.child)
        schema = _validated(target, answer.value["rows"], answer.value["batches"])
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return DecodeResult(
        target=target,
        kind=answer.value["kind"],
        options=ReadOptions.from_json(answer.value["options"]),
        schema=schema,
        rows=answer.value["rows"],
        decoded_bytes=answer.value["bytes"],
        batches=answer.value["batches"],
        warnings=tuple(Message.from_json(warning) for warning in answer.value["warnings"]),
        child_peak_bytes=answer.peak_bytes,
        child_seconds=answer.cpu_seconds,
    )


def _arguments(
    path: Path, file_name: str, options: ReadOptions | None, limits: IntakeLimits
) -> dict[str, Any]:
    stated = options or ReadOptions()
    stated.check()
    return {
        "path": str(path.resolve()),
        "file_name": file_name,
        "options": stated.to_json(),
        "limits": limits.table.to_json(),
    }


def _check_size(path: Path, limits: IntakeLimits) -> None:
    if path.stat().st_size > limits.upload_bytes:
        limit = limits.upload_bytes // 1_048_576
        raise DecodeTooLarge("file_size", _("The file is larger than %(limit)s MB.", limit=limit))


def _validated(target: Path, rows: int, batches: int) -> pa.Schema:
    """Read the child's file once with every check Arrow has: the child
    decoded hostile bytes and is not believed.
    """
    try:
        with pa.memory_map(str(target)) as source, pa.ipc.open_file(source) as file:
            found = 0
            for index in range(file.num_record_batches):
                batch = file.get_batch(index)
                batch.validate(full=True)
                found += batch.num_rows
            if found != rows or file.num_record_batches != batches or file.schema.metadata:
                raise pa.ArrowInvalid("not what the child said")
            return file.schema
    except (pa.ArrowException, OSError) as error:
        if (full := refusal_of(error)) is not None:
            raise full from error
        raise DecodeRefused(
            "result_damaged", _("The decoded table did not pass its checks.")
        ) from error
