"""Areas and departments in forms: chosen or typed by name, or by code."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from sqlmodel import Session

from auth.areas import repository as areas
from auth.areas.words import NATION
from auth.departments import repository
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form, FormInvalid

#: How alike a name must be to be offered instead.
_ALIKE: Final = 0.4
_CODE_OF_AREA: Final = 6
_CODE_OF_DEPARTMENT: Final = 18


def with_codes(
    session: Session,
    form: Form,
    *,
    of_areas: Sequence[str] = (),
    of_departments: Sequence[str] = (),
) -> Form:
    """The same form with the codes of the areas and departments that are named in these fields.

    Raises ``FormInvalid`` at the field, with the nearest name, for what is called so nowhere, or in
    several places; the form that is shown again says what was typed.
    """
    typed = {
        name: form.text(name).strip()
        for name in (*of_areas, *of_departments)
        if form.text(name).strip()
    }
    if not any(map(_is_name, typed.values())) and not any(name in typed for name in of_areas):
        return form
    known: dict[str, Sequence[tuple[str, str]]] = {}
    if any(name in typed for name in of_areas):
        rows = [(each.code, each.name) for each in areas.everything(session)]
        known |= dict.fromkeys(of_areas, tuple(rows))
    if any(name in typed for name in of_departments):
        bodies = _departments(session)
        known |= dict.fromkeys(of_departments, bodies)
    codes, flawed = dict[str, str](), form
    for name, said in typed.items():
        found = _codes(said, known[name])
        if len(found) == 1:
            codes[name] = found[0]
        # where no table of areas is kept, a code is taken at its word
        elif _is_name(said) or (name in of_areas and known[name]):
            flawed = flawed.flawed(name, _refusal(said, found, known[name], name in of_areas))
    if flawed is not form:
        raise FormInvalid(flawed)
    values = {**form.values, **{name: (code,) for name, code in codes.items()}}
    return Form(MappingProxyType(values), form.files, form.errors)


def _is_name(said: str) -> bool:
    return not (said.isascii() and len(said) in (_CODE_OF_AREA, _CODE_OF_DEPARTMENT))


def _departments(session: Session) -> list[tuple[str, str]]:
    """Open ones by their names, and by the former ones."""
    rows = [each for each in repository.listed(session) if each.ended_on is None]
    former = repository.former_names(session)
    return [(each.code, name) for each in rows for name in (each.name, *former.get(each.id, ()))]


def _codes(said: str, known: Iterable[tuple[str, str]]) -> list[str]:
    """Of whatever has this code or name; a name with its code beside it is the code's."""
    if said == NATION:
        return [said]
    return list(dict.fromkeys(code for code, name in known if said in (code, name)))


def _begins_alike(one: str, other: str) -> int:
    """How many digits two codes begin with alike."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _refusal(
    said: str, found: Sequence[str], known: Sequence[tuple[str, str]], is_area: bool
) -> Message:
    if found:
        names = dict(known)
        listed = "、".join(f"{names[code]}（{code}）" for code in found[:8])
        return _("Several are called so; type the code: %(listed)s", listed=listed)
    by_text = {name: (code, name) for code, name in known}
    if said.isdigit():  # of codes those that begin alike are near each other
        by_text = {code: (code, name) for code, name in known}
        near = sorted(by_text, key=lambda code: -_begins_alike(said, code))[:1]
    else:
        near = get_close_matches(said, by_text, n=1, cutoff=_ALIKE)
    unknown = _("No area is called so") if is_area else _("No department is called so")
    if not near:
        return _("%(unknown)s. Choose one of the list, or type the code.", unknown=unknown)
    code, name = by_text[near[0]]
    return _(
        "%(unknown)s. Did you mean “%(name)s” (%(code)s)?", unknown=unknown, name=name, code=code
    )
