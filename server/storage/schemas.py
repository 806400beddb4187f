"""What is kept on the disk, as programs read it. All sizes in bytes."""

from typing import Self

from pydantic import BaseModel

from catalog.attachments.service.rooms import Held


class DepartmentUsage(BaseModel):
    """What a department keeps: ``quota_share`` is what is used of its quota, 1.0 for all of it."""

    department: str
    department_name: str
    snapshot_bytes: int
    upload_bytes: int
    arriving_bytes: int
    used_bytes: int
    quota_bytes: int
    has_own_quota: bool
    quota_share: float

    @classmethod
    def of(cls, held: Held) -> Self:
        return cls(
            department=held.code,
            department_name=held.name,
            snapshot_bytes=held.snapshots,
            upload_bytes=held.uploads,
            arriving_bytes=held.arriving,
            used_bytes=held.used,
            quota_bytes=held.quota,
            has_own_quota=held.has_own_quota,
            quota_share=round(held.share, 4),
        )


class StorageUsage(BaseModel):
    """Departments, those that keep the most first; what all of them keep, and the disk it is on.

    ``department_count``: how many there are, also beyond those listed.
    """

    items: list[DepartmentUsage]
    department_count: int
    over_quota: int
    used_bytes: int
    free_bytes: int
    disk_bytes: int
    headroom_bytes: int
