"""All topics of the help, by the last part of their address."""

from collections.abc import Mapping
from typing import Final

from server.help.words.accessibility import ACCESSIBILITY
from server.help.words.administering import ADMINISTER
from server.help.words.applying import APPLY
from server.help.words.deciding import DECIDE
from server.help.words.keyboard import KEYBOARD
from server.help.words.looking_back import LOOK_BACK
from server.help.words.naming_sources import NAME_SOURCES
from server.help.words.registering import REGISTER
from server.help.words.topic import Topic

TOPICS: Final[Mapping[str, Topic]] = {
    "register": REGISTER,
    "sources": NAME_SOURCES,
    "apply": APPLY,
    "decide": DECIDE,
    "look-back": LOOK_BACK,
    "administer": ADMINISTER,
    "keyboard": KEYBOARD,
    "accessibility": ACCESSIBILITY,
}
