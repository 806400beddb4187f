"""A prepared reply in words, as the sharing head reads it before
releasing it and the consumer after.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session

from catalog.negative import repository as negative
from catalog.resources.models import ResourceItem
from catalog.resources.words import WithheldKind
from exchange.approvals.checks.reply import item_types
from exchange.approvals.service import follows, other_departments, schema_of
from exchange.grants.words import edition_term
from exchange.requests import repository as requests
from exchange.requests.models import ShareRequest
from exchange.requests.views.demands import demand_href
from policies.refusals import Refusal, refusals
from shuqiao.arrow.terms.filters import FilterRefused, describe_filter, parse_filter
from shuqiao.arrow.terms.mask_parameters import MaskRefused
from shuqiao.arrow.terms.masks import parse_mask
from shuqiao.context import locale
from shuqiao.i18n import Message, _
from shuqiao.limits import numeral


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One item with its answer: how it will be seen, or why it is refused."""

    item: ResourceItem
    is_granted: bool
    mask: Message | str
    reason: str
    basis: str
    remark: str
    #: What the reason asked for beside the remark.
    grounds: Sequence[Message]
    #: Of a refused item: the negative entries that strike it now, and the form of a demand for it.
    struck_by: Sequence[str] = ()
    demand_href: str = ""


@dataclass(frozen=True, slots=True)
class ReplyShown:
    """A whole reply in words."""

    answers: list[AnswerShown]
    rows: Message | str
    valid_until: date
    editions: Message
    granted_count: int


def reply_shown(
    session: Session, request: ShareRequest, reply: Mapping[str, Any], *, is_own: bool = False
) -> ReplyShown:
    """``reply`` (as stored in a step) in words; ``is_own``: to the department that asked, which may
    file a demand for what the negative list strikes.
    """
    resource = requests.resource(session, request.resource_id)
    everything = requests.items_of(session, resource.id)
    schema = schema_of(session, resource)
    types = item_types(everything, schema) if schema else {}
    by_id = {item.id: item for item in everything}
    homes = other_departments(session, request)
    answers = [
        _answer(by_id[UUID(answer["item_id"])], answer, types, homes) for answer in reply["items"]
    ]
    covers = negative.covers_of(session, [each.item.id for each in answers if not each.is_granted])
    answers = [
        replace(
            each,
            struck_by=[entry.entry_no for entry in covers[each.item.id]],
            demand_href=demand_href(resource, each.item) if is_own else "",
        )
        if each.item.id in covers
        else each
        for each in answers
    ]
    until = reply.get("valid_until")
    return ReplyShown(
        answers=answers,
        rows=filter_words(
            reply.get("row_filter"), types, {str(item.id): item.name for item in everything}
        ),
        valid_until=date.fromisoformat(until) if until else request.until,
        editions=edition_term(follows=follows(reply.get("follows_editions"), resource)),
        granted_count=sum(answer.is_granted for answer in answers),
    )


def filter_words(
    row_filter: Mapping[str, Any] | None, types: Mapping[str, pa.DataType], names: Mapping[str, str]
) -> Message | str:
    """A row filter in words; one that no longer fits the data is shown as such."""
    if row_filter is None:
        return _("all rows")
    try:
        return describe_filter(parse_filter(row_filter, types), names)
    except FilterRefused:
        return _("a row filter that no longer fits the stored data")


def refusal_text(refusal: Refusal) -> str:
    return refusal.zh if locale() == "zh_CN" else refusal.en


def refusal_basis(refusal: Refusal) -> str:
    """The provisions a reason rests on, as a civil servant cites them."""
    if locale() == "zh_CN":
        cited = (
            (each.instrument_zh, "、".join(f"第{numeral(a)}条" for a in each.articles))
            for each in refusal.basis
        )
        return "；".join(f"{_titled(law)}{articles}" for law, articles in cited)
    return "; ".join(
        f"{each.instrument_en}, Art. {', '.join(each.articles)}" for each in refusal.basis
    )


def _titled(law: str) -> str:
    """The title in book marks, what stands in brackets after it outside
    of them: 《…条例》（国务院令第809号）.
    """
    title, bracket, rest = law.partition("（")
    return f"《{title}》{bracket}{rest}"


def _answer(
    item: ResourceItem,
    answer: Mapping[str, Any],
    types: Mapping[str, pa.DataType],
    homes: Mapping[str, str],
) -> AnswerShown:
    refusal = refusals().get(answer["reason"]) if answer["reason"] else None
    return AnswerShown(
        item=item,
        is_granted=answer["outcome"] == "granted",
        mask=_mask_words(answer.get("mask"), types.get(str(item.id))),
        reason=refusal_text(refusal) if refusal else "",
        basis=refusal_basis(refusal) if refusal else "",
        remark=answer["remark"],
        grounds=list(_grounds(answer, homes)) if refusal else [],
    )


def _grounds(answer: Mapping[str, Any], homes: Mapping[str, str]) -> Iterator[Message]:
    """In words what the reason asked for; a reply from before it was asked states none of it."""
    if provision := answer.get("provision"):
        kind = WithheldKind(provision["kind"]).label
        cited = {name: provision[name] for name in ("name", "article", "wording")}
        yield _("%(kind)s: %(name)s, %(article)s: “%(wording)s”", kind=kind, **cited)
    if code := answer.get("department"):
        yield _("To be asked for at: %(department)s", department=homes.get(code, code))
    if suspension := answer.get("suspension"):
        number, day = suspension["number"], suspension["decided_on"]
        yield _("Decision %(number)s of %(day)s", number=number, day=day)


def _mask_words(mask: Mapping[str, Any] | None, type_: pa.DataType | None) -> Message | str:
    if mask is None:
        return _("as it is")
    if type_ is None:
        return str(mask.get("kind", ""))
    try:
        return parse_mask(mask, type_).words()
    except MaskRefused:
        return str(mask.get("kind", ""))
