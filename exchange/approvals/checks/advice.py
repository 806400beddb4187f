"""The automatic checks of a request before it is decided on (``shuqiao.checks``)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pyarrow as pa

from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ResourceStatus, SecurityLevel, ShareType, ShareWay
from exchange.requests.checks import LONGEST_YEARS, Covers, longest_until, struck
from exchange.requests.models import ShareRequest
from shuqiao.checks import Check, Finding, Weight, fine, order_809
from shuqiao.clock import day_of, today
from shuqiao.i18n import Listed, Message, _, ngettext
from shuqiao.limits import Named

#: A legal basis that can be looked up names its instrument or its article.
_CITED: Final = re.compile(
    r"《[^》]+》|第[0-9〇零一二三四五六七八九十百千]+条|\bArt(icle|\.)\s*\d+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """``items``: those asked for; ``schema``: the data's own columns, None without data;
    ``holdings``: by item the live grants under which the department holds it; ``refused``: numbers
    of its earlier requests for this resource that were refused; ``covers``: what the negative list
    strikes.
    """

    request: ShareRequest
    resource: DataResource
    items: Sequence[ResourceItem]
    schema: pa.Schema | None
    holdings: Mapping[UUID, Sequence[str]]
    refused: Sequence[str]
    covers: Covers


def _basis(facts: RequestFacts) -> Iterator[Finding]:
    cited = [match.group(0) for match in _CITED.finditer(facts.request.basis)]
    if cited:
        yield fine(_("Named: %(cited)s", cited=" ".join(cited[:4])))
    else:
        words = _("No instrument and no article is recognised in the basis; read it.")
        yield Finding(words, pointer="/basis")


def _term(facts: RequestFacts) -> Iterator[Finding]:
    request = facts.request
    asked_on = day_of(request.submitted_at or request.created_at)
    last = longest_until(asked_on)
    words = _(
        "Asked on %(day)s, until %(until)s; %(last)s at the latest",
        day=asked_on.isoformat(),
        until=request.until.isoformat(),
        last=last.isoformat(),
    )
    is_right = today() < request.until <= last
    yield fine(words) if is_right else Finding(words, pointer="/until")


def _open(facts: RequestFacts) -> Iterator[Finding]:
    asked, now = facts.request.resource_version, facts.resource.published_version
    if facts.resource.status is not ResourceStatus.PUBLISHED:
        yield Finding(_("State of the resource: %(state)s", state=facts.resource.status.label))
    elif asked != now:
        words = _("Asked for version %(asked)s, published now: %(now)s", asked=asked, now=now)
        yield Finding(words, Weight.ASKS)
    else:
        yield fine(_("Version %(now)s, published", now=now))


def _withheld(facts: RequestFacts) -> Iterator[Finding]:
    for item in facts.items:
        if item.id in facts.covers:
            yield Finding(struck(item.name, facts.covers[item.id]), pointer="/item_ids")
    names = [
        item.name
        for item in facts.items
        if item.share_type is ShareType.WITHHELD and item.id not in facts.covers
    ]
    if names or not facts.covers:
        yield _of_items(facts, names, _("Not shared: %(names)s", names=Listed(names)))


def _way(facts: RequestFacts) -> Iterator[Finding]:
    asked, offered = ShareWay(facts.request.share_way), facts.resource.share_way
    if offered is None or offered is asked:
        yield fine(_("Asked for: %(asked)s", asked=asked.label))
    else:
        words = _(
            "Asked for: %(asked)s; offered: %(offered)s", asked=asked.label, offered=offered.label
        )
        yield Finding(words, pointer="/share_way")


def _data(facts: RequestFacts) -> Iterator[Finding]:
    if facts.schema is None:
        yield Finding(_("No data is attached: nothing can be granted yet."))
        return
    there = facts.schema.names
    missing = [item.name for item in facts.items if item.column_name not in there]
    if missing:
        words = _("Without a column: %(names)s", names=Listed(missing))
        yield Finding(words, pointer="/item_ids")
    else:
        yield fine(
            ngettext(
                "The %(count)s column is there", "All %(count)s columns are there", len(facts.items)
            )
        )


def _personal(facts: RequestFacts) -> Iterator[Finding]:
    names = [item.name for item in facts.items if item.is_personal]
    words = _("Personal information: %(names)s. Consider masking.", names=Listed(names))
    yield _of_items(facts, names, words)


def _level(facts: RequestFacts) -> Iterator[Finding]:
    from_level = SecurityLevel.GENERAL_3.rank
    high = [
        item.name
        for item in facts.items
        if item.security_level and item.security_level.rank >= from_level
    ]
    yield _of_items(facts, high, _("Level 3 or higher: %(names)s", names=Listed(high)))


def _held(facts: RequestFacts) -> Iterator[Finding]:
    held = [item for item in facts.items if item.id in facts.holdings]
    names = [item.name for item in held]
    cases = dict.fromkeys(number for item in held for number in facts.holdings[item.id])
    words = _("Held under a live grant: %(names)s", names=Listed(names))
    yield _of_items(facts, names, words, tuple(cases))


def _refused(facts: RequestFacts) -> Iterator[Finding]:
    if facts.refused:
        words = ngettext(
            "Refused before: %(count)s time", "Refused before: %(count)s times", len(facts.refused)
        )
        yield Finding(words, cases=facts.refused)
    else:
        yield fine(_("No earlier refusal"))


def _of_items(
    facts: RequestFacts, names: Sequence[str], words: Message, cases: Sequence[str] = ()
) -> Finding:
    if names:
        return Finding(words, pointer="/item_ids", cases=cases)
    return fine(
        ngettext(
            "None (%(count)s item looked at)", "None (%(count)s items looked at)", len(facts.items)
        )
    )


CHECKS: Final[Sequence[Check[RequestFacts]]] = (
    Check(
        id="C1",
        asks=_("A basis of use is given and names its instrument or article (Order 809, Art. 20)."),
        weight=Weight.ASKS,
        look=_basis,
        basis=order_809(20),
    ),
    Check(
        id="C2",
        asks=_(
            "The term ends after today and within %(years)s years of the request.",
            years=LONGEST_YEARS,
        ),
        weight=Weight.BLOCKS,
        look=_term,
    ),
    Check(
        id="C3",
        asks=_("The data resource is published, in the version the request was made for."),
        weight=Weight.BLOCKS,
        look=_open,
    ),
    Check(
        id="C4",
        asks=_("No item is withheld from sharing (Order 809, Arts. 14 and 15)."),
        weight=Weight.BLOCKS,
        look=_withheld,
        basis=order_809(14, 15),
    ),
    Check(
        id="C5",
        asks=_("The way of sharing is one that the resource offers."),
        weight=Weight.ASKS,
        look=_way,
    ),
    Check(
        id="C6",
        asks=_("Data is attached and has a column for every item asked for."),
        weight=Weight.BLOCKS,
        look=_data,
    ),
    Check(
        id="C7",
        asks=_(
            "Personal information goes no further than the duty needs (Personal Information "
            "Protection Law, Art. 34)."
        ),
        weight=Weight.ASKS,
        look=_personal,
        basis=Named.of(
            zh="《个人信息保护法》第三十四条", en="Personal Information Protection Law, Art. 34"
        ),
    ),
    Check(
        id="C8",
        asks=_("Items from level 3 on need protection that fits them."),
        weight=Weight.ASKS,
        look=_level,
    ),
    Check(
        id="C9",
        asks=_("The department does not hold the same items already."),
        weight=Weight.ASKS,
        look=_held,
    ),
    Check(
        id="C10",
        asks=_("The same department was not refused this resource before."),
        weight=Weight.ASKS,
        look=_refused,
    ),
)
