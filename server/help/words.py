"""What the help says, task by task, with the names that the pages really bear.

One topic, one page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Section:
    """A task within a topic: its steps in order, or, ``is_ordered`` False, facts side by side."""

    title: Message
    lines: tuple[Message, ...]
    is_ordered: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the help. ``door``: the page where the work is done."""

    title: Message
    intro: Message
    sections: tuple[Section, ...]
    door: tuple[str, Message] | None = None


REGISTER: Final = Topic(
    _("Register data resources"),
    _(
        "For registrars: a data resource is registered once, by the department it comes from, and "
        "kept current."
    ),
    (
        Section(
            _("Register a resource"),
            (
                _(
                    "Open “Registration” and press “New registration”. The entry gets its code and "
                    "is yours alone until "
                    "you submit it."
                ),
                _(
                    "The entry is a list of tasks: basic facts, information items, sharing, "
                    "assessments, data. Do them in "
                    "any order."
                ),
                _(
                    "What you type is saved as a draft by itself, right or wrong; “Save draft” "
                    "does the same at once."
                ),
                _(
                    "“Check and submit” names what is missing, with links to the place. Then the "
                    "department head consents "
                    "and the data administration reviews."
                ),
            ),
        ),
        Section(
            _("Attach the data"),
            (
                _(
                    "Attach a file – CSV, Excel, Parquet, Arrow and others – or a database of your "
                    "department."
                ),
                _(
                    "Look at the preview: encoding, header row and column types are found and can "
                    "be corrected."
                ),
                _(
                    "Confirm. The rows are kept as a fixed edition; a later file makes a new one "
                    "and leaves the old as it "
                    "was."
                ),
            ),
        ),
        Section(
            _("When an entry comes back"),
            (
                _(
                    "You find it on “To do” with the reviewer's remark, and under “Registration” "
                    "as “Returned”."
                ),
                _(
                    "Correct what the remark names and submit again; the reviewers see what "
                    "changed since they looked."
                ),
            ),
        ),
    ),
    ("/resources", _("Registration")),
)

APPLY: Final = Topic(
    _("Find data and apply"),
    _(
        "For applicants: find what another department holds, ask for what your work needs, fetch "
        "what was granted."
    ),
    (
        Section(
            _("Find"),
            (
                _(
                    "Search in “Catalogue”. All words must be found; the name of an information "
                    "item is enough."
                ),
                _(
                    "Open a resource: its items, share type, conditions, source department and "
                    "update cycle are on its "
                    "tabs."
                ),
            ),
        ),
        Section(
            _("Apply"),
            (
                _(
                    "Press “Apply for sharing”. Choose the items your work needs and no more; "
                    "state basis, scenario, "
                    "scope, way and term."
                ),
                _(
                    "Check your answers and submit. Your department's sharing head consents; from "
                    "then on the statutory "
                    "working days run."
                ),
                _(
                    "The request's page shows who acts next, the due date and how it was counted. "
                    "You can withdraw a "
                    "request until it is decided."
                ),
            ),
        ),
        Section(
            _("Fetch"),
            (
                _(
                    "When the grant is active, its page under “Grants and deliveries” has code to "
                    "copy for Python, sq, "
                    "DuckDB and curl."
                ),
                _(
                    "Programs need a service token: “My account”, “New token”. It is shown once, "
                    "with the profile file "
                    "that Python and sq read."
                ),
                _(
                    "Every delivery has a page with rows, bytes and the receipt by which it can be "
                    "verified."
                ),
            ),
        ),
    ),
    ("/catalog", _("Catalogue")),
)

DECIDE: Final = Topic(
    _("Consent, review and decide"),
    _(
        "For department heads, the data administration, approvers and sharing heads: every "
        "decision has a clock and a "
        "name."
    ),
    (
        Section(
            _("Entries of the catalogue"),
            (
                _(
                    "“Reviews” lists the entries that wait for you. The page shows what changed "
                    "since the last edition, "
                    "and the checks."
                ),
                _(
                    "A department head consents; then a data administrator publishes. Either may "
                    "return the entry, saying "
                    "what to correct."
                ),
            ),
        ),
        Section(
            _("Requests"),
            (
                _(
                    "“Approvals” lists what waits for you, the most urgent first, and what you "
                    "have dealt with."
                ),
                _("A sharing head of the applying department consents before a request leaves it."),
                _(
                    "An approver of the providing department prepares the reply item by item: "
                    "granted, granted with a "
                    "mask or a row filter, or refused with a coded reason."
                ),
                _(
                    "The providing department's sharing head releases the reply. Only then is "
                    "anything granted."
                ),
            ),
        ),
        Section(
            _("What the rules see to"),
            (
                _("Nobody decides a request of their own or of their own department."),
                _(
                    "Silence approves nothing: what is not acted on becomes overdue and is called "
                    "up."
                ),
                _(
                    "A grant can be revoked on its page, with a reason; a transfer that is running "
                    "stops within a second."
                ),
            ),
            is_ordered=False,
        ),
    ),
    ("/tasks", _("Approvals")),
)

LOOK_BACK: Final = Topic(
    _("Read and verify the audit trail"),
    _(
        "For security reviewers and audit administrators: who did what to which case, and whether "
        "the record is whole."
    ),
    (
        Section(
            _("Search"),
            (
                _(
                    "Open “Audit”. Write a query, or open “Choose in a form”, which writes it for "
                    "you. Filters stay in "
                    "the address."
                ),
                _("A line opens the record: who, from where, by which rule, and what changed."),
                _("Every look at the trail is an event of the trail itself."),
            ),
        ),
        Section(
            _("Verify without this service"),
            (
                _("Export the events you found, or the whole trail."),
                _(
                    "On a machine of your own, run: shuqiao audit verify FILE. It names the first "
                    "record that does not fit."
                ),
                _(
                    "The trail is tamper-evident once a checkpoint is kept elsewhere: keep an "
                    "export outside this service."
                ),
            ),
        ),
    ),
    ("/trail", _("Audit")),
)

ADMINISTER: Final = Topic(
    _("Look after accounts, roles and the service"),
    _("For the three administrators: three different people, none of them in a business role."),
    (
        Section(
            _("System administrator"),
            (
                _(
                    "“Administration”, “Departments”: add a department under its unified social "
                    "credit code, or rename it."
                ),
                _(
                    "“New account” makes an account without roles and a one-time password, shown "
                    "once. The person chooses "
                    "their own at the first sign-in."
                ),
                _(
                    "Suspend an account when somebody leaves: sessions end, tokens are revoked, "
                    "running transfers stop. A "
                    "lost password: “Make a one-time password”."
                ),
                _("“Jobs” shows what runs in the background, and what was parked and why."),
            ),
            is_ordered=False,
        ),
        Section(
            _("Security administrator"),
            (
                _(
                    "Open an account and tick its roles. Roles that exclude each other are "
                    "refused, also by the database."
                ),
                _(
                    "“Departments” shows which roles are vacant: registrar, department head, "
                    "approver, sharing head."
                ),
                _(
                    "Unlock a sign-in after too many wrong passwords; end the sessions of an "
                    "account."
                ),
            ),
            is_ordered=False,
        ),
        Section(
            _("Audit administrator"),
            (
                _(
                    "Reads accounts, departments and the whole audit trail, exports it and keeps "
                    "the exports outside."
                ),
            ),
            is_ordered=False,
        ),
        Section(
            _("What the rules see to"),
            (
                _("Nobody changes the roles or the state of their own account."),
                _(
                    "The last system, security or audit administrator can neither lose the role "
                    "nor be suspended."
                ),
            ),
            is_ordered=False,
        ),
    ),
    ("/admin/users", _("Administration")),
)

KEYBOARD: Final = Topic(
    _("Keyboard"),
    _("Every page can be used without a mouse and without JavaScript."),
    (
        Section(
            _("Keys"),
            (
                _(
                    "Tab and Shift + Tab go forward and back; the place you are at has a yellow "
                    "and dark frame."
                ),
                _(
                    "The first Tab on a page reaches “Skip to the content”; lists and searches "
                    "have a second skip link to "
                    "the results."
                ),
                _("The key / leads to the search box of the page, when you are not typing."),
                _("Space ticks a box and presses a button; Enter follows a link and sends a form."),
                _("Escape closes a question that has opened over the page."),
            ),
            is_ordered=False,
        ),
    ),
)

ACCESSIBILITY: Final = Topic(
    _("Accessibility statement"),
    _(
        "We want everybody who works here to be able to use every page. The measure is WCAG 2.2, "
        "level AA."
    ),
    (
        Section(
            _("What is there"),
            (
                _(
                    "“Large type” at the top and “High contrast” at the bottom of every page; "
                    "saved with your account "
                    "under “My account”."
                ),
                _(
                    "Pages can be magnified to 400 %% and read on a narrow screen without "
                    "scrolling sideways; wide tables "
                    "scroll by themselves."
                ),
                _(
                    "Meaning is never carried by colour alone; states stand in words. Tables have "
                    "captions and headings, "
                    "fields have labels."
                ),
                _(
                    "No time limit on reading; a session that is not used ends after half an hour, "
                    "long forms keep a "
                    "draft. No puzzles at sign-in; pasting is allowed."
                ),
                _(
                    "Pages in Chinese and in English; the language is marked, so that screen "
                    "readers pronounce it."
                ),
            ),
            is_ordered=False,
        ),
        Section(
            _("What we test"),
            (
                _(
                    "An automatic check (axe) runs on every page at desktop and phone width, in "
                    "large type and in both "
                    "languages; it finds no violation."
                ),
                _("The main ways are walked by keyboard alone and without JavaScript."),
                _(
                    "Not yet done: a test by people with screen readers, and old browsers. An "
                    "automatic check cannot "
                    "judge wording."
                ),
            ),
            is_ordered=False,
        ),
        Section(
            _("When something does not work for you"),
            (
                _(
                    "Tell your system administrator the page, what you wanted to do, and the "
                    "request id if there is one. "
                    "What cannot be used is treated as a fault."
                ),
            ),
            is_ordered=False,
        ),
    ),
)

TOPICS: Final[Mapping[str, Topic]] = {
    "register": REGISTER,
    "apply": APPLY,
    "decide": DECIDE,
    "look-back": LOOK_BACK,
    "administer": ADMINISTER,
    "keyboard": KEYBOARD,
    "accessibility": ACCESSIBILITY,
}
