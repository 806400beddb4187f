"""Why a backup is not made, or not restored."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class BackupRefused(Conflict):
    """Nothing was done, or what was done is said; one sentence for the operator."""

    code = "backup_refused"
    title = _("The backup was not made or not restored")
