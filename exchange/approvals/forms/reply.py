"""The decision form and the ``Reply`` it stands for: typed values to
the API's model, errors back to their fields.

Fields: ``items.0.outcome mask reason remark``, the parameters of the masks and what single reasons
ask for (``forms.grounds``), in the order of the request; ``conditions.0.item op value`` for up to
three conditions joined by *and*; ``editions``; ``valid_until``; ``remark``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as pat
from pydantic import ValidationError

from catalog.resources.models import ResourceItem
from exchange.approvals.checks.reply import check_reply
from exchange.approvals.forms import grounds
from exchange.approvals.schemas import Reply
from exchange.approvals.views.asked import CONDITIONS, Asked, conditions_of
from shuqiao.arrow.terms.filters import EMPTINESS, LISTS, allowed_operators
from shuqiao.arrow.terms.mask_kinds import KINDS
from shuqiao.arrow.terms.mask_parameters import Parameter, WholeNumber
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form, FormInvalid
from shuqiao.web.validation import field_errors

#: What one answer is told with, and how that is called.
ITEM_FIELDS: Final[Mapping[str, Message]] = {
    "outcome": _("Answer"),
    "mask": _("Masking"),
    **{part.name: part.label for kind in KINDS.values() for part in kind.parameters},
    "reason": _("Reason of the refusal"),
    "remark": _("Explanation"),
    **grounds.FIELDS,
}
OPERATORS: Final[Mapping[str, Message]] = {
    "eq": _("is"),
    "ne": _("is not (nor empty)"),
    "ge": _("is at least"),
    "gt": _("is more than"),
    "le": _("is at most"),
    "lt": _("is less than"),
    "between": _("lies between (two values)"),
    "in": _("is one of (several values)"),
    "starts_with": _("begins with"),
    "is_null": _("is empty"),
    "not_null": _("is not empty"),
}
#: The values of the field ``editions``.
FOLLOW: Final = "follow"
FIXED: Final = "fixed"
_SEPARATOR: Final = re.compile(r"[,，、;；]")
_WHOLE: Final = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?", re.ASCII)


def reply_of(form: Form, asked: Asked) -> Reply:
    """The reply typed into ``form``.

    Raises :class:`FormInvalid` with every error, of whatever kind, at its field.
    """
    answers = [_answer(form, place, item, asked) for place, item in enumerate(asked.items)]
    document: dict[str, Any] = {"items": answers, "remark": form.text("remark")}
    errors = [_unanswered(place) for place, answer in enumerate(answers) if "outcome" not in answer]
    for place, answer in enumerate(answers):
        answer.setdefault("outcome", "granted")  # only so that the other fields can be checked too
        if missing := _untold(place, answer.get("mask")):
            errors += missing
            del answer["mask"]
    if form.text("valid_until").strip():
        document["valid_until"] = _folded(form.text("valid_until"))
    if form.text("editions"):
        document["follows_editions"] = form.text("editions") == FOLLOW
    conditions, mistakes = _conditions_typed(form, asked.types)
    if conditions:
        whole = list(conditions.values())
        document["row_filter"] = whole[0] if len(whole) == 1 else {"op": "and", "args": whole}
    try:
        reply = Reply.model_validate(document)
        check_reply(
            reply,
            requested=asked.items,
            all_items=asked.everything,
            schema=asked.schema,
            share_type=asked.share_type,
            until=asked.until,
            sources=asked.sources,
        )
    except ValidationError as error:
        errors += field_errors(error.errors(include_url=False, include_input=False))
    except Invalid as error:
        errors += error.errors
    if errors or mistakes:
        raise FormInvalid(_named(form, [*errors, *mistakes], list(conditions)))
    return reply


def _unanswered(place: int) -> FieldError:
    fix = _("Choose to agree or to refuse.")
    return FieldError(f"/items/{place}/outcome", "missing", _("No answer is chosen"), fix)


def _untold(place: int, mask: Mapping[str, Any] | None) -> list[FieldError]:
    """What the chosen mask still has to be told."""
    fix = _("Write a whole number, or a step as the hint shows.")
    detail = _("This is needed for the masking")
    return [
        FieldError(f"/items/{place}/{part.name}", "missing", detail, fix)
        for part in (_parameters(mask["kind"]) if mask else ())
        if part.is_needed and mask is not None and part.name not in mask
    ]


def with_named_errors(form: Form, errors: Iterable[FieldError]) -> Form:
    """The form with errors whose pointers are those of ``Reply``, each
    shown at the field it was typed in.
    """
    return _named(form, errors, conditions_used(form))


def _named(form: Form, errors: Iterable[FieldError], lines: Sequence[int]) -> Form:
    """``lines``: the line in which each condition of the reply's row filter was typed."""
    return form.with_errors(
        replace(error, pointer=_field(error.pointer, lines)) for error in errors
    )


def conditions_used(form: Form) -> list[int]:
    """Which of the condition lines have something in them."""
    parts = ("item", "op", "value")
    return [
        n
        for n in range(CONDITIONS)
        if any(form.text(f"conditions.{n}.{part}").strip() for part in parts)
    ]


def values_of(reply: Mapping[str, Any]) -> dict[str, Any]:
    """Form values for a stored reply; a row filter that three lines
    cannot say is left out (see ``is_sayable``).
    """
    values: dict[str, Any] = {"valid_until": reply.get("valid_until")}
    told = reply.get("follows_editions")
    if told is not None:
        values["editions"] = FOLLOW if told else FIXED
    for place, answer in enumerate(reply["items"]):
        mask = answer.get("mask") or {}
        named = {
            "outcome": answer["outcome"],
            "reason": answer["reason"],
            "remark": answer["remark"],
            **grounds.shown(answer),
        }
        values |= {f"items.{place}.{name}": value for name, value in named.items()}
        values[f"items.{place}.mask"] = mask.get("kind", "")
        values |= {f"items.{place}.{name}": value for name, value in mask.items() if name != "kind"}
    for place, condition in enumerate(conditions_of(reply.get("row_filter")) or ()):
        value = condition.get("value")
        shown = "、".join(map(_said, value)) if isinstance(value, list) else _said(value)
        values |= {
            f"conditions.{place}.item": condition["item"],
            f"conditions.{place}.op": condition["op"],
            f"conditions.{place}.value": shown,
        }
    return values


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _answer(form: Form, place: int, item: ResourceItem, asked: Asked) -> dict[str, Any]:
    """One item as the API takes it.

    Fields of the other outcome are passed over: they may be hidden and stale.
    """

    def text(name: str) -> str:
        return form.text(f"items.{place}.{name}").strip()

    answer: dict[str, Any] = {"item_id": str(item.id)}
    if text("outcome"):
        answer["outcome"] = text("outcome")
    if text("outcome") == "granted" and text("mask"):
        told = {
            part.name: _told(part, _folded(text(part.name)))
            for part in _parameters(text("mask"))
            if text(part.name)
        }
        answer["mask"] = {"kind": text("mask"), **told}
    if text("outcome") == "refused":
        answer |= {"reason": text("reason"), "remark": text("remark")}
        answer |= grounds.stated(text, asked.sources)
    return answer


def _parameters(kind: str) -> tuple[Parameter, ...]:
    return KINDS[kind].parameters if kind in KINDS else ()


def _told(part: Parameter, text: str) -> int | str:
    return _number(text) if isinstance(part, WholeNumber) else text


def _conditions_typed(
    form: Form, types: Mapping[str, pa.DataType]
) -> tuple[dict[int, dict[str, Any]], list[FieldError]]:
    """The conditions by the line they were typed in, and what is wrong with the other lines."""
    conditions: dict[int, dict[str, Any]] = {}
    errors: list[FieldError] = []
    for line in conditions_used(form):
        item, op, value = (
            form.text(f"conditions.{line}.{part}").strip() for part in ("item", "op", "value")
        )
        problem = _problem(f"/conditions/{line}", item, op, value, types)
        if problem is not None:
            errors.append(problem)
            continue
        conditions[line] = {"item": item, "op": op}
        if op not in EMPTINESS:
            parts = [part.strip() for part in _SEPARATOR.split(value)] if op in LISTS else [value]
            typed = [_typed(part, types[item]) for part in parts if part]
            conditions[line]["value"] = typed if op in LISTS else typed[0]
    return conditions, errors


def _problem(
    pointer: str, item: str, op: str, value: str, types: Mapping[str, pa.DataType]
) -> FieldError | None:
    if item not in types:
        fix = _("Choose the item, or clear the line.")
        return FieldError(f"{pointer}/item", "missing", _("No item is chosen"), fix)
    if op not in allowed_operators(types[item]):
        fix = _("Choose an operator that fits the item's type.")
        return FieldError(
            f"{pointer}/op", "filter_operator", _("This item cannot be asked so"), fix
        )
    if op not in EMPTINESS and not value:
        return FieldError(
            f"{pointer}/value",
            "missing",
            _("No value is given"),
            _("Write the value to compare with."),
        )
    return None


def _typed(text: str, type_: pa.DataType) -> Any:
    """The JSON value for what was typed; what does not fit stays text,
    so that the filter names the mistake.
    """
    if pat.is_string(type_):
        return text
    folded = _folded(text)
    if pat.is_boolean(type_):
        return {"true": True, "false": False, "是": True, "否": False}.get(folded.lower(), folded)
    if pat.is_integer(type_):
        return _number(folded)
    if pat.is_floating(type_) and _DECIMAL.fullmatch(folded):
        return float(folded)
    return folded


def _number(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _field(pointer: str, lines: Sequence[int]) -> str:
    """Where a pointer of ``Reply`` was typed."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "items" and len(parts) >= 3 and parts[2] in grounds.GROUPS.values():
        return grounds.field(pointer)
    if parts[0] == "items" and len(parts) >= 3:
        name = parts[3] if len(parts) > 3 and parts[3] != "kind" else parts[2]
        return f"/items/{parts[1]}/{name}"
    if parts[0] == "items":
        return "/items/0/outcome"
    if parts[0] != "row_filter":
        return pointer
    place = int(parts[2]) if len(parts) > 2 and parts[1] == "args" and parts[2].isdigit() else 0
    named = [part for part in parts[1:] if part in ("item", "op", "value")]
    line = lines[place] if place < len(lines) else 0
    return f"/conditions/{line}/{named[0] if named else 'item'}"
