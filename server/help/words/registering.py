"""Help for registrars: resources and their data."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

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
            _("New rows of what is published"),
            (
                _(
                    "Open the entry, “Editions of the data”, “Attach new rows”. The same columns "
                    "and types need no review: once checked, they are the current edition."
                ),
                _(
                    "The page counts rows added, removed and changed, by the key items; grants "
                    "that follow the editions give the new rows, the others keep theirs."
                ),
                _(
                    "Rows outside of the declared coverage hold the edition: drop it, or correct "
                    "the coverage and check again. A copied table can be renewed on schedule."
                ),
            ),
        ),
        Section(
            _("Change what is published"),
            (
                _(
                    "Open the entry and press “Change the entry”: a working copy is made. What is "
                    "published stays in force, and nobody outside sees the change."
                ),
                _(
                    "Work on it as on a draft. An item that is added needs data that has its "
                    "column: attach it to the working copy; else the data in force goes on."
                ),
                _(
                    "Check and submit. The head consents and the data administration reviews what "
                    "differs; it then takes its place as the next version, and older ones stay "
                    "readable."
                ),
                _(
                    "What a grant gives and the new version withholds is suspended, and the "
                    "approver decides. The working copy can be taken back or discarded before."
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
