"""Examples of the negative list: proposed, in force, looked at again, ended, contested."""

from dataclasses import replace

from fixtures.example import CONTEST, NEGATIVE, Example, sample

from catalog.negative.schemas import (
    ContestAnswer,
    ContestCreate,
    ContestDecision,
    EntryConsent,
    EntryCreate,
    EntryEnd,
    EntryKeep,
    EntryReview,
)

_LIST = Example(world="negative_in_force", who="stranger", visibility="all_departments")
_SHOW = replace(_LIST, path=NEGATIVE)
_PROPOSE = Example(
    world="published_resource",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    body=sample(EntryCreate),
    event="catalog:negative_entry:consent_asked",
)
_FORM = replace(_PROPOSE, body=None, event=None)
_CONSENT = Example(
    world="proposed_negative",
    who="head",
    visibility="owner",
    forbidden="registrar",
    stranger="stranger",
    path=NEGATIVE,
    body=sample(EntryConsent),
    event="catalog:negative_entry:consented",
)
_WITHDRAW = replace(
    _CONSENT,
    who="registrar",
    forbidden="head",
    body=None,
    event="catalog:negative_entry:withdrawn",
)
_REVIEW = replace(
    _CONSENT,
    world="consented_negative",
    who="data_admin",
    forbidden="head",
    body=sample(EntryReview),
    event="catalog:negative_entry:in_force",
)
_KEEP = Example(
    world="negative_in_force",
    who="registrar",
    visibility="all_departments",
    forbidden="head",
    path=NEGATIVE,
    body=sample(EntryKeep),
    event="catalog:negative_entry:kept",
)
_END = replace(
    _KEEP,
    who="data_admin",
    forbidden="registrar",
    body=sample(EntryEnd),
    event="catalog:negative_entry:lapsed",
)
_CONTEST = replace(
    _KEEP,
    who="consumer_head",
    forbidden="registrar",
    body=sample(ContestCreate),
    event="catalog:negative_contest:raised",
)
_READ = Example(
    world="contested_negative",
    who="consumer_head",
    visibility="parties",
    stranger="stranger",
    path=CONTEST,
)
_ANSWER = replace(
    _READ,
    who="provider_head",
    forbidden="consumer_head",
    body=sample(ContestAnswer),
    event="catalog:negative_contest:answered",
)
_DECIDE = replace(
    _READ,
    world="answered_contest",
    who="data_admin",
    forbidden="provider_head",
    body=sample(ContestDecision),
    event="catalog:negative_contest:upheld",
)
_ENTRY = "/negative-entries/{no}"
_OF_CONTEST = "/negative-contests/{no}"

EXAMPLES = {
    "negative_entries_list": _LIST,
    "GET /negative-entries": _LIST,
    "negative_entries_propose": _PROPOSE,
    "GET /negative-entries/new": _FORM,
    "POST /negative-entries": _PROPOSE,
    "negative_entries_show": _SHOW,
    f"GET {_ENTRY}": _SHOW,
    "negative_entries_consent": _CONSENT,
    f"POST {_ENTRY}/consents": _CONSENT,
    "negative_entries_review": _REVIEW,
    f"POST {_ENTRY}/reviews": _REVIEW,
    "negative_entries_withdraw": _WITHDRAW,
    f"POST {_ENTRY}/withdrawals": _WITHDRAW,
    "negative_entries_keep": _KEEP,
    f"POST {_ENTRY}/renewals": _KEEP,
    "negative_entries_end": _END,
    f"POST {_ENTRY}/endings": _END,
    "negative_entries_contest": _CONTEST,
    f"POST {_ENTRY}/contests": _CONTEST,
    "negative_contests_show": _READ,
    f"GET {_OF_CONTEST}": _READ,
    "negative_contests_answer": _ANSWER,
    f"POST {_OF_CONTEST}/answers": _ANSWER,
    "negative_contests_decide": _DECIDE,
    f"POST {_OF_CONTEST}/decisions": _DECIDE,
}
