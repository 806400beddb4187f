"""Each section's own form: its fields filled from the entry, read back,
and put into the whole that is saved.

A section changes only its own fields: the update is the entry as it is now with these fields
replaced.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, create_model

from catalog.elements.schemas import ElementRead
from catalog.registration.forms.items import (
    LINEAGE,
    cell_labels,
    fields_of,
    is_cell,
    rows_of,
    rows_of_entry,
    settled,
)
from catalog.registration.words import FIELDS, LABELS, Section
from catalog.resources.fields.compared import ITEMS
from catalog.resources.fields.table import GROUPS
from catalog.resources.schemas import ResourceRead, ResourceUpdate
from catalog.resources.service import as_written
from catalog.resources.words import ShareType
from shuqiao.changes import Change, Value, compare
from shuqiao.i18n import Message
from shuqiao.texts import Strict
from shuqiao.web.forms import Form, FormInvalid

#: The codes of the declared areas: typed into one field.
AREAS: Final = "coverage.area.codes"
_BETWEEN_KEYWORDS: Final = re.compile(r"[、，,；;\n]+")


#: Of an item: what nobody types.
_UNSEEN: Final[Any] = {"items": {"__all__": {"id"}}}


def _model(names: Sequence[str]) -> type[BaseModel]:
    """What ``ResourceUpdate`` says of these fields, and nothing else."""
    told = ResourceUpdate.model_fields
    fields: dict[str, Any] = {name: (told[name].annotation, told[name]) for name in names}
    return create_model("SectionWrite", __base__=Strict, **fields)


MODELS: Final[Mapping[Section, type[BaseModel]]] = {
    section: _model(names) for section, names in FIELDS.items()
}


def filled(entry: ResourceRead, section: Section) -> Form:
    """The form of ``section`` as the entry has it."""
    if section is Section.ITEMS:
        return Form(MappingProxyType(fields_of(rows_of_entry(entry))))
    values: dict[str, Any] = {}
    for name in FIELDS[section]:
        value = getattr(entry, name)
        values |= (
            _flat(name, value.model_dump(mode="json"))
            if isinstance(value, BaseModel)
            else {name: value}
        )
    if section is Section.BASIC:
        values["keywords"] = "、".join(entry.keywords)
    if section is Section.SHARING:
        values[AREAS] = "、".join(values.get(AREAS) or ())
    return Form.of(values)


def parsed(form: Form, section: Section, elements: Sequence[ElementRead] = ()) -> BaseModel:
    """What was typed into ``section``.

    Raises :class:`FormInvalid` with the form as typed and its errors.
    """
    shaped = shaped_for(form, section, elements)
    try:
        return shaped.parse(MODELS[section])
    except FormInvalid as invalid:
        raise FormInvalid(_as_typed(invalid.form, form, section)) from None


def refused(form: Form, section: Section, elements: Sequence[ElementRead], error: Any) -> Form:
    """The form as typed with what the service refused."""
    return _as_typed(shaped_for(form, section, elements).refused(error), form, section)


def shaped_for(form: Form, section: Section, elements: Sequence[ElementRead] = ()) -> Form:
    """The form as its model reads it: own fields only, groups nobody
    touched and answers that do not apply left out.
    """
    values = {
        name: texts
        for name, texts in form.values.items()
        if name.partition(".")[0] in MODELS[section].model_fields
    }
    if section is Section.ITEMS:
        values = fields_of(settled(rows_of(form), elements))
        values |= {
            name: _parts(texts[-1]) for name, texts in values.items() if LINEAGE.fullmatch(name)
        }
    if section is Section.BASIC:
        values["keywords"] = _listed(form, "keywords")
    if section is Section.SHARING:
        values = _applicable(form, {**values, AREAS: _listed(form, AREAS)})
    return Form(MappingProxyType(_touched(values)))


def update_of(entry: ResourceRead, changes: BaseModel | None = None) -> ResourceUpdate:
    """The entry as it is now, with the fields of one section replaced: what ``service.edit``
    takes.
    """
    return as_written(entry, changes.model_dump() if changes is not None else {})


def says_the_same(
    form: Form, section: Section, entry: ResourceRead, elements: Sequence[ElementRead]
) -> bool:
    """Whether saving the form would change nothing: a draft of it is none."""
    try:
        typed, kept = update_of(entry, parsed(form, section, elements)), update_of(entry)
        return typed.model_dump(exclude=_UNSEEN) == kept.model_dump(exclude=_UNSEEN)
    except (FormInvalid, ValueError):
        return False


def differences(form: Form, section: Section, entry: ResourceRead) -> list[Change]:
    """What was typed against what is saved by now: field by field, of the items cell by cell."""
    if section is Section.ITEMS:
        return compare([ITEMS], {"items": rows_of_entry(entry)}, {"items": rows_of(form)})
    now = filled(entry, section)
    names = [name for name in dict.fromkeys([*now.values, *form.values]) if name in LABELS]
    saved, typed = ({name: of.text(name).strip() for name in names} for of in (now, form))
    return compare([Value(name, LABELS[name]) for name in names], saved, typed)


def labels_for(form: Form, section: Section) -> Mapping[str, Message]:
    """Names for the error summary."""
    return cell_labels(form) if section is Section.ITEMS else LABELS


def _flat(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a group, and of groups inside of it, each under its dotted name."""
    flat: dict[str, Any] = {}
    for inner, part in told.items():
        whole = f"{name}.{inner}"
        flat |= _flat(whole, part) if isinstance(part, Mapping) else {whole: part}
    return flat


def _listed(form: Form, name: str) -> tuple[str, ...]:
    """What was typed one after the other into one field."""
    return _parts(form.text(name))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _BETWEEN_KEYWORDS.split(text) if part.strip())


def _touched(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Without the groups, and the groups inside of them, in which nothing was stated."""
    stated = {name for name, texts in values.items() if any(text.strip() for text in texts)}
    return {
        name: texts
        for name, texts in values.items()
        if name.partition(".")[0] not in GROUPS
        or any(each.startswith(name.rpartition(".")[0] + ".") for each in stated)
    }


def _applicable(form: Form, values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Without what the chosen share type does not ask for; the page hides these fields."""
    kind = form.text("share_type")
    unwanted = set()
    if kind != ShareType.WITHHELD:
        unwanted |= {name for name in values if name.startswith("withholding")}
    if kind != ShareType.CONDITIONAL:
        unwanted.add("share_condition")
    if form.text("is_open") != "true":
        unwanted.add("open_condition")
    return {name: texts for name, texts in values.items() if name not in unwanted}


def _as_typed(failed: Form, typed: Form, section: Section) -> Form:
    """The errors of the shaped form on the form as typed; a grid is
    shown without its blank rows, as it was read.
    """
    whole = replace(typed, errors=failed.errors)
    if section is not Section.ITEMS:
        return whole.gathered("keywords").gathered(AREAS)
    beside = {name: texts for name, texts in typed.values.items() if not is_cell(name)}
    listed = {
        name: ("、".join(texts),)
        for name, texts in failed.values.items()
        if LINEAGE.fullmatch(name)
    }
    again = replace(whole, values=MappingProxyType({**beside, **failed.values, **listed}))
    for name in listed:
        again = again.gathered(name)
    return again
