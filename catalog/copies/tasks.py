"""Background work on what was thrown away."""

from uuid import UUID

from catalog.attachments import repository as attachments
from catalog.copies.service import REMOVE_UPLOADS
from shuqiao.db import reading
from shuqiao.jobs import jobs
from shuqiao.uploads import upload_path


@jobs.task(name=REMOVE_UPLOADS)
def remove_uploads(attachment_ids: list[str]) -> None:
    """Remove the files of attachments that are gone. Can be repeated."""
    for attachment_id in map(UUID, attachment_ids):
        with reading() as session:
            is_there = attachments.attachment_by_id(session, attachment_id) is not None
        if not is_there:
            upload_path(attachment_id).unlink(missing_ok=True)
