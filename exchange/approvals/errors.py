"""What can go wrong with a decision."""

from auth.errors import ForbiddenByCase
from policies.actions import Action
from shuqiao.errors import Conflict
from shuqiao.i18n import _


class SamePerson(ForbiddenByCase):
    """Prepared and released by one person: two pairs of eyes are needed (Order 809, Art. 20)."""

    code = "same_person"
    title = _("Whoever prepared the reply cannot release it")
    rule, action_name = "EXC-EYES-2", Action.REQUEST_RELEASE


class NothingToDeliver(Conflict):
    """Items cannot be granted from a resource without stored data."""

    code = "nothing_to_deliver"
    title = _("This resource has no stored data yet, so nothing can be granted")


class TermOver(Conflict):
    """The term asked for, or granted, ended before the reply was released."""

    code = "term_over"
    title = _("The term has ended meanwhile; send the reply back and prepare another one")
