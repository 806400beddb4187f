"""An account's settings, as cookies for its browser."""

from typing import Final

from auth.accounts.models import AppUser

#: Cookie name and value by preference, as ``shuqiao.web.preferences`` reads them.
_LARGE: Final = {True: "large", False: "normal"}


_CONTRAST: Final = {True: "high", False: "normal"}


def cookies_of(user: AppUser) -> dict[str, str]:
    """The preference cookies of an account.

    Who never chose keeps what the machine says, but for what was set.
    """
    if user.language is None:
        chosen = {"type": _LARGE[user.is_large_type], "contrast": _CONTRAST[user.is_high_contrast]}
        return {name: value for name, value in chosen.items() if value != "normal"}
    return {
        "lang": user.language.value,
        "type": _LARGE[user.is_large_type],
        "contrast": _CONTRAST[user.is_high_contrast],
    }
