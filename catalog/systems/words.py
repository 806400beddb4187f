"""The words of an information system: where it stands, who built it, where it runs, how it is
protected.
"""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class SystemStatus(Word):
    """Where a system stands. ``planned``: before the project is approved (立项前)."""

    PLANNED = "planned", _("Planned")
    BUILDING = "building", _("Being built")
    RUNNING = "running", pgettext("system", "Running")
    STOPPING = "stopping", _("Being shut down")
    STOPPED = "stopped", _("Shut down")

    @property
    def is_at_work(self) -> bool:
        """Whether it holds data of the department now: what coverage counts."""
        return self in (SystemStatus.RUNNING, SystemStatus.STOPPING)

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES: Final[Mapping[SystemStatus, str]] = {
    SystemStatus.PLANNED: "info",
    SystemStatus.BUILDING: "info",
    SystemStatus.RUNNING: "success",
    SystemStatus.STOPPING: "warning",
    SystemStatus.STOPPED: "neutral",
}


class Build(Word):
    """Who built the system (建设方式)."""

    SELF_BUILT = "self_built", _("Built by the department")
    VERTICAL = "vertical", _("Built by the level above")
    SHARED = "shared", _("Built together with others")


class Network(Word):
    """The network that the system runs in (部署网络)."""

    GOVERNMENT_EXTRANET = "government_extranet", _("Government extranet")
    INTERNET = "internet", _("Internet")
    DEDICATED = "dedicated", _("Dedicated network of the line")
    INTERNAL = "internal", _("Internal network")


class Protection(Word):
    """The level of classified protection (等保级, GB/T 22240)."""

    NONE = "none", _("Not classified")
    LEVEL_1 = "level_1", pgettext("protection", "Level 1")
    LEVEL_2 = "level_2", pgettext("protection", "Level 2")
    LEVEL_3 = "level_3", pgettext("protection", "Level 3")
    LEVEL_4 = "level_4", pgettext("protection", "Level 4")


class CensusStatus(Word):
    """Where a yearly census (普查) stands."""

    OPEN = "open", pgettext("census", "Open")
    CLOSED = "closed", pgettext("census", "Closed")


class ReturnStatus(Word):
    """Where a department stands with a census. ``missed``: 应报未报; ``passed``: it has
    ended, and its successor reports.
    """

    DUE = "due", pgettext("census", "To be reported")
    REPORTED = "reported", pgettext("census", "Reported")
    MISSED = "missed", pgettext("census", "Not reported")
    PASSED = "passed", _("Passed to the successor")

    @property
    def tone(self) -> str:
        return {"due": "warning", "reported": "success", "passed": "neutral"}.get(
            self.value, "danger"
        )


class Outcome(Word):
    """What a registrar says of a system in a census."""

    CONFIRMED = "confirmed", _("Confirmed as it was")
    CORRECTED = "corrected", _("Registered or corrected anew")
