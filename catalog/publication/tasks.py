"""Background work on what is published: tells whoever follows a data element what became of it.
The standards ask for it by name.
"""

from auth.accounts import repository as accounts
from auth.roles import Role
from catalog.elements import repository as elements
from catalog.elements.words import ElementStatus
from catalog.publication.repository import followers as repository
from shuqiao.db import unit_of_work
from shuqiao.desk import messages
from shuqiao.i18n import Message, _
from shuqiao.jobs import jobs


@jobs.task(name="catalog.publication.element_changed")
def element_changed(identifier: str, proposal_no: str) -> int:
    """The next version of the element is published, or it ended: the registrars of the departments
    whose items follow it are told, each once; gives how many departments.
    """
    with unit_of_work() as session:
        element = elements.by_identifier(session, identifier)
        if element is None:
            return 0
        found = repository.followed_by(session, element.id)
        people = {
            user.id
            for department_id in found
            for user in accounts.holders(session, Role.REGISTRAR, department_id)
        }
        facts = {"name": element.name, "no": proposal_no}
        what = _told(element.status).filled(facts)
        messages.send(session, user_ids=people, what=what, href=f"/elements/{identifier}")
        return len(found)


def _told(status: ElementStatus) -> Message:
    if status is ElementStatus.SUPERSEDED:
        return _(
            "The data element “%(name)s” was replaced by another one (%(no)s): bind your items to "
            "that with their next change"
        )
    if status is ElementStatus.RETIRED:
        return _(
            "The data element “%(name)s” was retired (%(no)s): nothing new is bound to it; your "
            "items stay as they are until their next change"
        )
    return _(
        "The data element “%(name)s” has a new version (%(no)s): see whether your items still fit"
    )
