"""Help for administrators."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

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
                    "“Departments”, “Reorganisations”: record a merger or a split on the day on "
                    "which it takes effect. What ended stays readable and starts nothing new."
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
