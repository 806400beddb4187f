"""The statement on accessibility."""

from typing import Final

from server.help.words.topic import Section, Topic
from shuqiao.i18n import _

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
