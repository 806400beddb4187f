"""Help for registrars, sharing heads and the data administration: the source of a datum."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

NAME_SOURCES: Final = Topic(
    _("Name the source of a datum"),
    _(
        "One source for each datum (Order 809, Art. 19): one department at most for a data "
        "element, an object scope and an area."
    ),
    (
        Section(
            _("A department claims"),
            (
                _(
                    "On the page of the data element open “Source” and choose “Claim to be the "
                    "source”."
                ),
                _(
                    "Name the duty by its number, or the document with its article, and what "
                    "collects the datum. Without a scope the claim is for all objects, without an "
                    "area for your own area with all below it."
                ),
                _(
                    "Where a source stands or another department has claimed, the claim is "
                    "refused: open a source conflict instead."
                ),
            ),
        ),
        Section(
            _("The collecting departments countersign"),
            (
                _(
                    "Every other department with an entry whose items follow the element is asked; "
                    "items that are taken from their source do not count."
                ),
                _(
                    "Its sharing head agrees, or objects with reasons, within 5 working days. "
                    "Silence agrees to nothing: it is passed on and recorded."
                ),
            ),
        ),
        Section(
            _("The data administration names the source"),
            (
                _(
                    "Where only one department collects the element, it is the source as a matter "
                    "of course: it is confirmed without countersigning."
                ),
                _(
                    "Where several do, the source is named with a reason that answers the "
                    "objections. Whoever opened a claim does not decide on it."
                ),
                _(
                    "Departments of other levels, and those led from above, are recorded as upper "
                    "sources with their document. No source is named over organs to which the "
                    "Regulations apply by reference."
                ),
                _(
                    "An area below gets a source of its own only after an exception is recorded on "
                    "the source above."
                ),
            ),
        ),
        Section(
            _("The source changes"),
            (
                _(
                    "Open a claim in place of the one that stands. When it is confirmed the old "
                    "one ends on the same day."
                ),
                _(
                    "Published entries of both departments are to be updated within the limit of "
                    "Art. 17, and the registrars of all that follow the element are told."
                ),
            ),
        ),
    ),
    ("/source-claims", _("Source claims")),
)
