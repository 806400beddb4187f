"""The words of the document that belong to no single route: what it is
about, its groups, its ways to sign in.
"""

from typing import Final

from shuqiao.i18n import Message, _

TITLE: Final = _("Shuqiao: interface of the data catalogue and exchange")
ABOUT: Final = _(
    "Register data resources, find them, apply for them, decide, fetch what was granted as Arrow, "
    "look back.\n\n"
    "Texts are UTF-8 JSON with snake_case names; unknown names are refused. Times are RFC 3339 "
    "with an offset. "
    "A POST carries an Idempotency-Key of its own: repeated, it has one effect. Where a version "
    "can go stale, "
    "If-Match names the one you saw (ETag). Lists are read page by page with `cursor`. Errors are "
    "problem documents "
    "(RFC 9457) with a stable `code`. Answers to changes carry the identity and hash of their "
    "audit event: keep them, "
    "and a later deletion of the event can be proven. Within v1 this interface only grows."
)

#: Tag of the routers → (its heading, what it is for), in the order of the way of the data.
GROUPS: Final[dict[str, tuple[Message, Message]]] = {
    "accounts": (_("Sign in, tokens"), _("Open a session, and issue service tokens for programs.")),
    "domains": (
        _("Value domains"),
        _("Permitted codes in dated editions: look them up, compare editions, import one."),
    ),
    "departments": (
        _("Departments and areas"),
        _("The tree of departments with their duties, what became of them, and the areas."),
    ),
    "elements": (
        _("Data elements"),
        _("One standard for each datum: adopt data elements, read them and their versions."),
    ),
    "proposals": (
        _("Proposals for the standards"),
        _("Propose a data element or what becomes of one; hear the departments, decide."),
    ),
    "collection": (
        _("Before collecting"),
        _("Check whether somebody has the fields of a form already; report repeated forms."),
    ),
    "sources": (
        _("Sources of data elements"),
        _("One source for each datum: claim to be it, countersign, name it (Order 809, Art. 19)."),
    ),
    "demands": (
        _("Demands"),
        _("What the catalogue does not offer: file, assign, answer, merge; met by a delivery."),
    ),
    "source conflicts": (
        _("Source conflicts"),
        _(
            "Which department is the source, where two say so: opened, heard, decided, once "
            "reviewed. Hearing and review are set by the platform."
        ),
    ),
    "negative list": (
        _("Negative list"),
        _(
            "What is not shared, by which basis, how far and how long; proposed, in force, looked "
            "at again, contested (Order 809, Arts. 14 and 15)."
        ),
    ),
    "assignments": (
        _("Claim and fill"),
        _("What departments are expected to enter: list templates, who claims, how far it is."),
    ),
    "lists": (
        _("Three lists"),
        _(
            "Responsibility, negative and demand list as of a day, compared, as files; what is "
            "shared most."
        ),
    ),
    "systems": (
        _("Information systems"),
        _("The systems of the departments: contractor, protection, network, duties, state."),
    ),
    "resources": (
        _("Register data resources"),
        _("Catalogue entries of the own department, with their files."),
    ),
    "catalog": (
        _("Review, publish, find"),
        _("Consent, review and publication; the search in what is published."),
    ),
    "duplicates": (
        _("Suspected duplicates"),
        _("Items that are likely to be a data element: proposals, binding, and what is none."),
    ),
    "change events": (
        _("Changes of law and duties"),
        _(
            "What obliges a department to update an entry (Order 809, Art. 17), and more time for "
            "it."
        ),
    ),
    "requests": (_("Apply"), _("Draft a request, get the own sharing head's consent, follow it.")),
    "decisions": (_("Decide"), _("Prepare the reply to a request and release it.")),
    "grants": (_("Grants"), _("What was granted: columns, rows, masks, term; revoke it.")),
    "consultations": (
        _("Consultations"),
        _(
            "What is consulted about and filed when a negative entry strikes a grant, and how a "
            "suspended grant is terminated (Order 809, Art. 27)."
        ),
    ),
    "data": (
        _("Fetch data"),
        _("The granted data as an Arrow stream, from the address the grant names."),
    ),
    "deliveries": (_("Deliveries"), _("Each transfer with its rows, bytes and receipt.")),
    "desk": (
        _("To-do and messages"),
        _("What waits for the caller, and what the caller was told."),
    ),
    "calendars": (
        _("Working days"),
        _("The State Council's notices by which time limits are counted."),
    ),
    "jobs": (_("Background jobs"), _("What runs, what waits, and what was parked and why.")),
    "storage": (
        _("Storage"),
        _("What each department keeps on the disk, of what it may, and what is left."),
    ),
    "trail": (
        _("Audit trail"),
        _("Read the trail, take it out for the verifier. Both are recorded."),
    ),
}

SESSION: Final = _(
    "Cookie of a session opened by POST /api/v1/sessions; a change also needs X-CSRF-Token."
)
CSRF: Final = _(
    "The form token of the session, from the answer to the sign-in. Only with the cookie."
)
BEARER: Final = _(
    "A service token: Authorization: Bearer sq_… It can do less than the account that issued it: "
    "what its scopes name, one of which each operation states. Consent, release and other "
    "decisions of people are in no scope."
)

#: Headers of answers → what they say.
HEADERS: Final[dict[str, Message]] = {
    "Accept-Ranges": _("none: there are no parts to ask for with Range"),
    "ETag": _('Version of what is shown, for example "v3"; send it back in If-Match'),
    "Location": _("Address of what was made"),
    "Link": _('The next page of the list, with rel="next"; absent on the last one'),
    "X-Request-Id": _(
        "Number of this call in the logs and the trail; name it when you ask for help"
    ),
    "Idempotency-Replayed": _("true when the key was used before: this is the first answer again"),
    "RateLimit-Policy": _(
        "What you may ask for in a window of so many seconds: requests and bytes that you send"
    ),
    "RateLimit": _("What of it is left (r), and in how many seconds it is whole again (t)"),
    "Retry-After": _("Seconds to wait before trying again"),
    "WWW-Authenticate": _("How to sign in"),
    "Shuqiao-Event-Id": _("Identity of the audit event, also that of a refusal"),
    "Shuqiao-Leaf-Hash": _("Leaf hash of that event"),
    "Shuqiao-Delivery": _("Public number of the delivery"),
    "Shuqiao-Edition": _("Number of the edition of the data; absent where it has none"),
    "Content-Disposition": _("File name of the download"),
}
IDEMPOTENCY_KEY: Final = _(
    "One effect per key, kept for 24 hours; 8 to 255 visible ASCII characters of your choice"
)
DONE: Final = _("Carried out")
NOT_CHANGED: Final = _("Not changed since the version in If-None-Match; no content")

#: What a call should know before it uses an operation, beyond its summary.
NOTES: Final[dict[str, Message]] = {
    "sessions_open": _(
        "The answer sets the session cookie. After several failures the account is locked for a "
        "while."
    ),
    "tokens_issue": _(
        "The token is shown in this answer only. Repeated with the same key, the answer is without "
        "it."
    ),
    "resources_register": _(
        "A draft may be incomplete; what is still missing is named when it is submitted."
    ),
    "resources_edit": _("The whole entry is sent; what is left out is emptied."),
    "resources_submit": _("Checks that the entry is complete and hands it to the department head."),
    "resources_attach": _(
        "Sent as multipart/form-data. The file is decoded at once; rows are shown as a preview."
    ),
    "resources_read_again": _(
        "Keeps the file and reads it as stated. While `readings` names encodings to choose from, "
        "state "
        "one here or when the data is stored."
    ),
    "resources_make_snapshot": _(
        "The data is stored by a background job; ask for the attachment until it is stored."
    ),
    "resources_consent": _("By the department head (Order 809, Art. 13). A return needs a remark."),
    "resources_review": _(
        "By the data administration (Order 809, Art. 16). A return needs a remark."
    ),
    "catalog_search": _(
        "Shows the same set as the single check would: what the caller may read, no more."
    ),
    "requests_create": _("Basis, scenario, scope, way and term are those of Order 809, Art. 20."),
    "requests_consent": _(
        "The request reaches the unified intake with it, and the statutory clock starts."
    ),
    "requests_decide": _("Answers every requested item once; a refusal names a coded reason."),
    "requests_release": _("A grant is issued with it, unless every item is refused."),
    "grants_revoke": _("Running transfers stop within a second."),
    "deliveries_receipt": _("The same receipt as in the last batch of the stream."),
    "audit_events_list": _(
        "Every reading is recorded before anything is read. What fits one of the words of "
        "`without` is left out."
    ),
    "audit_receipts_list": _(
        "The latest delivery first; with `columns` only those that carried the column of this "
        "name. The reading is recorded."
    ),
    "audit_exports_create": _(
        "One line an event, in the form that `shuqiao audit verify` reads. Recorded itself."
    ),
}
