"""Automatic checks of a request (自动核验): advice, with the rule and
what it looked at; a person decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa
from sqlmodel import Session

from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ResourceStatus, SecurityLevel, ShareType, ShareWay
from exchange.approvals.views.history import History
from exchange.requests import repository as requests
from exchange.requests.checks import LONGEST_YEARS, longest_until
from exchange.requests.models import ShareRequest
from shuqiao.clock import day_of, today
from shuqiao.i18n import Listed, Message, _, ngettext

Result = Literal["pass", "attention", "fail"]
#: A legal basis that can be looked up names its instrument or its article.
_CITED: Final = re.compile(
    r"《[^》]+》|第[0-9〇零一二三四五六七八九十百千]+条|\bArt(icle|\.)\s*\d+", re.IGNORECASE
)
TONES: Final = {"pass": "success", "attention": "warning", "fail": "danger"}
WORDS: Final = {"pass": _("Passed"), "attention": _("Attention"), "fail": _("Not passed")}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its number, what the rule asks, what was found, and the numbers of cases it rests
    on.
    """

    code: str
    result: Result
    rule: Message
    found: Message
    cases: Sequence[str] = ()

    @property
    def tone(self) -> str:
        return TONES[self.result]

    @property
    def word(self) -> Message:
        return WORDS[self.result]


def checks(
    session: Session,
    request: ShareRequest,
    items: Sequence[ResourceItem],
    schema: pa.Schema | None,
    past: History,
) -> list[Check]:
    """All checks, always the same ones in the same order."""
    resource = requests.resource(session, request.resource_id)
    return [
        _basis(request),
        _term(request),
        _open(request, resource),
        _withheld(items),
        _way(request, resource),
        _data(items, schema),
        _personal(items),
        _level(items),
        _held(items, past),
        _refused(past),
    ]


def _basis(request: ShareRequest) -> Check:
    rule = _("A basis of use is given and names its instrument or article (Order 809, Art. 20).")
    cited = [match.group(0) for match in _CITED.finditer(request.basis)]
    if cited:
        return Check("C1", "pass", rule, _("Named: %(cited)s", cited=" ".join(cited[:4])))
    return Check(
        "C1",
        "attention",
        rule,
        _("No instrument and no article is recognised in the basis; read it."),
    )


def _term(request: ShareRequest) -> Check:
    rule = _(
        "The term ends after today and within %(years)s years of the request.", years=LONGEST_YEARS
    )
    asked_on = day_of(request.submitted_at or request.created_at)
    found = _(
        "Asked on %(day)s, until %(until)s",
        day=asked_on.isoformat(),
        until=request.until.isoformat(),
    )
    is_right = today() < request.until <= longest_until(asked_on)
    return Check("C2", "pass" if is_right else "fail", rule, found)


def _open(request: ShareRequest, resource: DataResource) -> Check:
    rule = _("The data resource is published, in the version the request was made for.")
    versions = {"asked": request.resource_version, "now": resource.published_version}
    if resource.status is not ResourceStatus.PUBLISHED:
        return Check(
            "C3", "fail", rule, _("State of the resource: %(state)s", state=resource.status.label)
        )
    if request.resource_version != resource.published_version:
        return Check(
            "C3",
            "attention",
            rule,
            _("Asked for version %(asked)s, published now: %(now)s", **versions),
        )
    return Check("C3", "pass", rule, _("Version %(now)s, published", **versions))


def _withheld(items: Sequence[ResourceItem]) -> Check:
    rule = _("No item is withheld from sharing (Order 809, Arts. 14 and 15).")
    names = [item.name for item in items if item.share_type is ShareType.WITHHELD]
    if names:
        return Check("C4", "fail", rule, _("Not shared: %(names)s", names=Listed(names)))
    return Check("C4", "pass", rule, _none_of(items))


def _none_of(items: Sequence[ResourceItem]) -> Message:
    return ngettext(
        "None (%(count)s item looked at)", "None (%(count)s items looked at)", len(items)
    )


def _way(request: ShareRequest, resource: DataResource) -> Check:
    rule = _("The way of sharing is one that the resource offers.")
    asked = ShareWay(request.share_way).label
    if resource.share_way is None or resource.share_way.value == request.share_way:
        return Check("C5", "pass", rule, _("Asked for: %(asked)s", asked=asked))
    offered = resource.share_way.label
    return Check(
        "C5",
        "attention",
        rule,
        _("Asked for: %(asked)s; offered: %(offered)s", asked=asked, offered=offered),
    )


def _data(items: Sequence[ResourceItem], schema: pa.Schema | None) -> Check:
    rule = _("Data is attached and has a column for every item asked for.")
    if schema is None:
        return Check("C6", "fail", rule, _("No data is attached: nothing can be granted yet."))
    missing = [item.name for item in items if item.column_name not in schema.names]
    if missing:
        return Check("C6", "fail", rule, _("Without a column: %(names)s", names=Listed(missing)))
    return Check(
        "C6",
        "pass",
        rule,
        ngettext("The %(count)s column is there", "All %(count)s columns are there", len(items)),
    )


def _personal(items: Sequence[ResourceItem]) -> Check:
    rule = _(
        "Personal information goes no further than the duty needs (Personal Information Protection "
        "Law, Art. 34)."
    )
    names = [item.name for item in items if item.is_personal]
    if names:
        found = _("Personal information: %(names)s. Consider masking.", names=Listed(names))
        return Check("C7", "attention", rule, found)
    return Check("C7", "pass", rule, _none_of(items))


def _level(items: Sequence[ResourceItem]) -> Check:
    rule = _("Items from level 3 on need protection that fits them.")
    high = [
        item
        for item in items
        if item.security_level and item.security_level.rank >= SecurityLevel.GENERAL_3.rank
    ]
    if high:
        return Check(
            "C8",
            "attention",
            rule,
            _("Level 3 or higher: %(names)s", names=Listed(i.name for i in high)),
        )
    return Check("C8", "pass", rule, _none_of(items))


def _held(items: Sequence[ResourceItem], past: History) -> Check:
    rule = _("The department does not hold the same items already.")
    held = [item for item in items if item.id in past.holdings]
    cases = tuple(dict.fromkeys(_numbers(held, past)))
    if held:
        found = _("Held under a live grant: %(names)s", names=Listed(item.name for item in held))
        return Check("C9", "attention", rule, found, cases)
    return Check("C9", "pass", rule, _none_of(items))


def _numbers(held: Sequence[ResourceItem], past: History) -> Iterator[str]:
    for item in held:
        yield from past.holdings[item.id]


def _refused(past: History) -> Check:
    rule = _("The same department was not refused this resource before.")
    if past.refused:
        found = ngettext(
            "Refused before: %(count)s time", "Refused before: %(count)s times", len(past.refused)
        )
        return Check("C10", "attention", rule, found, [row.request_no for row in past.refused])
    return Check("C10", "pass", rule, _("No earlier refusal"))
