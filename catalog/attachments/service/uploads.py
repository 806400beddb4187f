"""A file for an entry: one that is refused is not kept, and that it was stands in the trail."""

from auth.guard import Authorized, record_denial
from catalog.attachments.errors import UploadRefused
from catalog.attachments.schemas import ReadingCreate
from catalog.attachments.service.files import options_of
from catalog.resources.models import DataResource
from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.errors import Invalid, TooLarge
from shuqiao.uploads import Upload


def look(
    found: Authorized[DataResource], upload: Upload, stated: ReadingCreate | None = None
) -> Preview:
    """Look at a file for ``found``, read as far as ``stated`` says. What another way of reading
    would end is told in the preview, and the file kept meanwhile; that one was refused is in the
    trail before anybody is told.

    Raises what :func:`look_at` does.
    """
    try:
        return look_at(upload, options_of(stated) if stated else None, keeps=True)
    except (Invalid, TooLarge) as error:
        known = {"bytes": upload.bytes, "sha256": upload.sha256}
        proof = record_denial(UploadRefused(found, error, known))
        error.headers = {**error.headers, **proof}
        raise
