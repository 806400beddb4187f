"""What an entry must state before it may be reviewed: Order 809 Art.
13's nine fields, two assessments, items, data.

The nine (目录名称、数据项、提供单位、数据格式、更新频率、共享属性、共享方式、使用条件、分类分级):
title, items, provider, format, update cycle, share type, share way, use condition, category with
security level. The title, the provider and the share type cannot be absent; the others are asked
for here.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from catalog.attachments.checks import fits, types_of
from catalog.elements.words import DataType
from catalog.registration.checks.bases import bases
from catalog.registration.checks.origins import NOTHING_KNOWN, OriginFacts, origins
from catalog.resources.errors import SECRET_ADVICE
from catalog.resources.fields.table import FIELDS
from catalog.resources.schemas import ItemRead, ResourceRead
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    SecrecyConclusion,
    ShareType,
)
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _

_COLUMNS_TOLD: Final = 50
#: Resources whose data is fetched where it is served; all others deliver from a stored snapshot.
_WITHOUT_SNAPSHOT: Final = frozenset({Format.SERVICE})


def missing(
    entry: ResourceRead,
    *,
    columns: Mapping[str, str] | None,
    is_storing: bool = False,
    today: date,
    known: OriginFacts = NOTHING_KNOWN,
) -> list[FieldError]:
    """Everything that keeps ``entry`` from being reviewed, each with
    its pointer and how to mend it.

    ``columns``: kind by column of the data that would be published; None without stored data.
    ``is_storing``: whether a job is still at work on what was attached. ``known``: what is
    known of where its items come from.
    """
    found = [*_fields(entry), *_sharing(entry), *_assessments(entry, today), *_items(entry)]
    found += [*bases(entry, known.listed, today), *origins(entry, known), *_coverage(entry)]
    if entry.share_type is not ShareType.WITHHELD:
        found += _data(entry, columns, is_storing=is_storing)
    return found


def _data(
    entry: ResourceRead, columns: Mapping[str, str] | None, *, is_storing: bool
) -> Iterator[FieldError]:
    """Data is there, and every item has its column in it; what is being stored is waited for."""
    if is_storing:
        fix = _("Wait until it is stored, then submit again.")
        yield FieldError("/attachments", "still_storing", _("A file is still being stored"), fix)
        return
    if columns is None and entry.format not in _WITHOUT_SNAPSHOT:
        fix = _("Attach the file and confirm its types; wait until it is stored.")
        detail = _("No data is stored for this resource")
        yield FieldError("/attachments", "no_snapshot", detail, fix)
    for position, item in enumerate(entry.items if columns is not None else ()):
        kind = columns.get(item.column_name) if columns is not None else None
        if kind is None:
            yield _not_in_data(f"/items/{position}/column_name", item, columns or ())
        elif not fits(item.data_type, kind):
            fix = _("Choose a data type that fits, or attach the data again, read in another way.")
            kept = str(_(", ")).join(str(each.label) for each in types_of(kind))
            detail = _(
                "The item is declared as %(type)s; its column holds: %(kept)s",
                type=item.data_type.label,
                kept=kept,
            )
            yield FieldError(f"/items/{position}/data_type", "other_kind", detail, fix)


def _not_in_data(pointer: str, item: ItemRead, columns: Iterable[str]) -> FieldError:
    """The message names the columns there are, the first fifty of them."""
    there = str(_(", ")).join(list(columns)[:_COLUMNS_TOLD])
    detail = _(
        "The data has no column “%(column)s”; it has: %(columns)s",
        column=item.column_name,
        columns=there,
    )
    fix = _(
        "Attach data that has it, or correct the column name. A column that no item named was left "
        "out when the data was stored: then attach the file again."
    )
    return FieldError(pointer, "not_in_data", detail, fix)


def _fields(entry: ResourceRead) -> Iterator[FieldError]:
    for each in FIELDS:
        if each.fix is not None and each.asked_of(entry) and not getattr(entry, each.name):
            yield _absent(f"/{each.name}", each.fix)


def _sharing(entry: ResourceRead) -> Iterator[FieldError]:
    if _shares_nothing(entry):
        fix = _("Choose “not shared” for the resource and state its legal basis, or share an item.")
        detail = _("No item is shared, so the resource is not shared")
        yield FieldError("/share_type", "nothing_shared", detail, fix)


def _shares_nothing(entry: ResourceRead) -> bool:
    closed = [item.share_type is ShareType.WITHHELD for item in entry.items]
    return entry.share_type is not ShareType.WITHHELD and bool(closed) and all(closed)


#: What a part of the coverage can be compared with.
_COMPARED_WITH: Final[Mapping[str, frozenset[DataType]]] = {
    "area": frozenset({DataType.TEXT}),
    "period": frozenset({DataType.DATE, DataType.DATETIME}),
    "sensitive": frozenset({DataType.LOGICAL}),
}


def _coverage(entry: ResourceRead) -> Iterator[FieldError]:
    """An item named in the coverage is there, and can hold what is declared."""
    types = {item.name: item.data_type for item in entry.items}
    for part, allowed in _COMPARED_WITH.items():
        declared = getattr(entry.coverage, part, None)
        if declared is None or declared.item is None:
            continue
        kind, pointer = types.get(declared.item), f"/coverage/{part}/item"
        fits = str(_(", ")).join(sorted(str(each.label) for each in allowed))
        fix = _("Name an item of one of these types: %(types)s; or none.", types=fits)
        if kind is None:
            yield FieldError(pointer, "no_such_item", _("There is no item of this name"), fix)
        elif kind not in allowed:
            detail = _("The item “%(item)s” is of another type", item=declared.item)
            yield FieldError(pointer, "other_type", detail, fix)


def _assessments(entry: ResourceRead, today: date) -> Iterator[FieldError]:
    secrecy, privacy = entry.secrecy_assessment, entry.privacy_assessment
    if secrecy is not None and secrecy.conclusion is not SecrecyConclusion.NO_SECRET:
        found = _("The data contains secrets")
        yield FieldError("/secrecy_assessment/conclusion", "secret", found, SECRET_ADVICE)
    if privacy is not None:
        yield from _privacy(entry, privacy.conclusion)
    for name, assessment in (("secrecy", secrecy), ("privacy", privacy)):
        if assessment is not None and assessment.assessed_on > today:
            fix = _("Give the day on which the assessment was signed.")
            pointer = f"/{name}_assessment/assessed_on"
            yield FieldError(pointer, "in_future", _("This day has not come yet"), fix)


def _privacy(entry: ResourceRead, conclusion: PrivacyConclusion) -> Iterator[FieldError]:
    pointer = "/privacy_assessment/conclusion"
    is_personal = any(item.is_personal for item in entry.items)
    if is_personal and conclusion is PrivacyConclusion.NO_PERSONAL_INFORMATION:
        fix = _("Assess the impact again, or correct the items.")
        yield FieldError(
            pointer, "contradicts_items", _("Some items are marked as personal information"), fix
        )
    if (
        conclusion is PrivacyConclusion.NOT_ACCEPTABLE
        and entry.share_type is not ShareType.WITHHELD
    ):
        fix = _("Reduce the items until the impact is acceptable.")
        yield FieldError(
            pointer,
            "not_acceptable",
            _("The impact on personal information is not acceptable"),
            fix,
        )


def _items(entry: ResourceRead) -> Iterator[FieldError]:
    for position, item in enumerate(entry.items):
        if item.security_level is None:
            yield _absent(
                f"/items/{position}/security_level", _("Choose the level of the data (GB/T 43697).")
            )
        elif _is_above(entry, item):
            fix = _("Raise the level of the resource, or check that of the item.")
            detail = _("The resource must be at least as high as its highest item")
            yield FieldError("/security_level", "below_item", detail, fix)
            return


def _is_above(entry: ResourceRead, item: ItemRead) -> bool:
    levels = (item.security_level, entry.security_level)
    return levels[0] is not None and levels[1] is not None and levels[0].rank > levels[1].rank


def _absent(pointer: str, fix: Message) -> FieldError:
    return FieldError(pointer, "missing", _("This is required"), fix)
