"""What each department keeps, beside the disk that all of it is on."""

import shutil

from sqlmodel import Session

from catalog.attachments.service import rooms
from server.storage.schemas import DepartmentUsage, StorageUsage
from shuqiao.home import home
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.formats import percent, size


def usage(session: Session, limit: int | None = None) -> StorageUsage:
    """What departments keep now, up to ``limit`` of them one by one. Reads no file."""
    every, disk = rooms.of_all(session), shutil.disk_usage(home())
    return StorageUsage(
        items=[DepartmentUsage.of(held) for held in every[:limit]],
        department_count=len(every),
        over_quota=sum(not held.left for held in every),
        used_bytes=sum(held.used for held in every),
        free_bytes=disk.free,
        disk_bytes=disk.total,
        headroom_bytes=settings().disk_headroom_bytes,
    )


def rows(told: StorageUsage) -> list[list[str]]:
    """The table of departments for a terminal, with its heads."""
    heads = (_("Department"), _("Stored data"), _("Uploaded files"), _("Quota"), _("Used"))
    return [
        [str(_("Code")), *map(str, heads)],
        *(
            [
                each.department,
                each.department_name,
                size(each.snapshot_bytes),
                size(each.upload_bytes + each.arriving_bytes),
                size(each.quota_bytes),
                percent(each.quota_share),
            ]
            for each in told.items
        ),
    ]


def lines(told: StorageUsage) -> list[str]:
    """What stands below it."""
    kept = _(
        "%(departments)s departments keep %(used)s; %(over)s of them as much as they may.",
        departments=told.department_count,
        used=size(told.used_bytes),
        over=told.over_quota,
    )
    disk = _(
        "%(free)s of %(all)s are free on the disk; %(headroom)s always stay free.",
        free=size(told.free_bytes),
        all=size(told.disk_bytes),
        headroom=size(told.headroom_bytes),
    )
    return [str(kept), str(disk)]
