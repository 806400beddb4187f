"""What the keyboard does on the pages."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

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
