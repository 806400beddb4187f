"""Which lists there are, how they are read, and what changes them."""

from typing import Final

from shuqiao.i18n import _
from shuqiao.words import Word


class ListKind(Word):
    """The three lists (三张清单)."""

    RESPONSIBILITY = "responsibility", _("Responsibility list")
    NEGATIVE = "negative", _("Negative list")
    DEMAND = "demand", _("Demand list")


#: Of these two every published item is in exactly one.
OF_ITEMS: Final = (ListKind.RESPONSIBILITY, ListKind.NEGATIVE)


class MadeKnown(Word):
    """Which lists a notice makes known: what departments need is told to all only on purpose."""

    OF_ITEMS = "of_items", _("Responsibility and negative list")
    ALL = "all", _("All three lists")

    @property
    def lists(self) -> tuple[ListKind, ...]:
        return OF_ITEMS if self is MadeKnown.OF_ITEMS else tuple(ListKind)


class By(Word):
    """Whether a line is an information item, or an entry with its items."""

    ITEM = "item", _("By information item")
    ENTRY = "entry", _("By entry")


class Cause(Word):
    """What made a version of a list."""

    PUBLISHED = "published", _("An entry was published")
    CHANGED = "changed", _("An entry was published anew")
    TAKEN_DOWN = "taken_down", _("An entry was taken down")
    REORGANISED = "reorganised", _("Entries went to another department")
    WITHHELD = "withheld", _("A negative entry came into force")
    RELEASED = "released", _("A negative entry ended")
    REVIEW_DUE = "review_due", _("The review of a negative entry came due")
    REVIEWED = "reviewed", _("A negative entry was reviewed")
    LAPSED = "lapsed", _("The basis of a negative entry ended")
    DEMANDED = "demanded", _("A demand took a step")
    MOUNTED = "mounted", _("Data was mounted")
    UNMOUNTED = "unmounted", _("The data ended")
    SOURCED = "sourced", _("The source of an element was named or ended")


#: What happens to entries of the catalogue.
OF_ENTRIES: Final = (
    *(Cause.PUBLISHED, Cause.CHANGED, Cause.TAKEN_DOWN, Cause.REORGANISED),
    *(Cause.MOUNTED, Cause.UNMOUNTED),
)
#: Where the cases stand that cause the other versions.
ROOMS: Final = {Cause.DEMANDED: "demands", Cause.SOURCED: "source-claims"}


class Mounting(Word):
    """Whether data stands behind an entry (挂接状态)."""

    MOUNTED = "mounted", _("Mounted")
    UNMOUNTED = "unmounted", _("Not mounted")
    NOT_NEEDED = "not_needed", _("Not to be mounted")

    @property
    def tone(self) -> str:
        tones = {Mounting.MOUNTED: "success", Mounting.UNMOUNTED: "warning"}
        return tones.get(self, "neutral")


class Sourced(Word):
    """Whether the department is the source of the item's data element (数源标志)."""

    SOURCE = "source", _("Source")
    OTHER = "other", _("Source elsewhere")
    UNNAMED = "unnamed", _("No source named")
    NO_ELEMENT = "no_element", _("No data element")


class Ground(Word):
    """Where the basis of what is not shared stands."""

    IN_FORCE = "in_force", _("In force")
    REVIEW_DUE = "review_due", _("In force, review due")
    LAPSED = "lapsed", _("Basis lapsed, to be updated")
    #: Published before negative entries were kept: only the words of the entry say it.
    AS_PUBLISHED = "as_published", _("As stated in the entry")

    @property
    def tone(self) -> str:
        tones = {Ground.IN_FORCE: "success", Ground.LAPSED: "danger"}
        return tones.get(self, "warning")
