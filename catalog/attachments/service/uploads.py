"""A file for an entry: one that is refused is not kept, and that it was stands in the trail."""

from auth.guard import Authorized, record_denial
from catalog.attachments.errors import UploadRefused
from catalog.resources.models import DataResource
from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.errors import Invalid, TooLarge
from shuqiao.uploads import Upload


def look(found: Authorized[DataResource], upload: Upload) -> Preview:
    """Look at a file for ``found``. That one was refused is in the trail before anybody is told.

    Raises what :func:`look_at` does.
    """
    try:
        return look_at(upload)
    except (Invalid, TooLarge) as error:
        known = {"bytes": upload.bytes, "sha256": upload.sha256}
        proof = record_denial(UploadRefused(found, error, known))
        error.headers = {**error.headers, **proof}
        raise
