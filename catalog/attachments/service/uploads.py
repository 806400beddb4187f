"""A file for an entry: one that is refused is not kept, and that it was stands in the trail."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from auth.guard import Authorized, record_denial
from catalog.attachments.errors import UploadRefused
from catalog.resources.models import DataResource
from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.intake.uploads import Upload, look_at, store_upload
from shuqiao.errors import Invalid, ShuqiaoError, TooLarge


def receive(
    found: Authorized[DataResource], source: BinaryIO, file_name: str | None
) -> tuple[Upload, Preview]:
    """Store a file for ``found`` and look at it. One that is refused is not kept; that it was is
    in the trail before anybody is told.

    Raises what :func:`store_upload` and :func:`look_at` do.
    """
    upload = None
    try:
        upload = store_upload(source, file_name)
        return upload, look_at(upload)
    except BaseException as error:
        if upload is not None:
            upload.discard()
        if isinstance(error, Invalid | TooLarge):
            proof = record_denial(UploadRefused(found, error, _known(upload, error)))
            error.headers = {**error.headers, **proof}
        raise


def _known(upload: Upload | None, error: ShuqiaoError) -> Mapping[str, Any]:
    """How much was read of a file that was refused."""
    if upload is not None:
        return {"bytes": upload.bytes, "sha256": upload.sha256}
    return {"bytes_at_least": error.facts.get("bytes_at_least", 0)}
