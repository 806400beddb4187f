"""What an operator is told of a failure that is theirs to mend: a sentence that names it and the
fix.

Of what is a fault of ours there is none: that deserves its traceback.
"""

import errno
from typing import Final

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from policies.subset import PolicyRefused
from shuqiao.errors import ShuqiaoError
from shuqiao.home import HomeUnfinished
from shuqiao.roles import BootstrapError

#: What a folder or file can lack, and what to do about it.
_FIXES: Final = {
    errno.ENOSPC: "the disk is full: make room",
    errno.EDQUOT: "the quota of the disk is used up: make room",
    errno.EROFS: "the file system may not be written to: mount it writable or set SHUQIAO_HOME",
    errno.EACCES: "this user may not use it: give it to the user of the service",
    errno.EPERM: "this user may not use it: give it to the user of the service",
    errno.ENOTDIR: "what stands above it is no folder: set SHUQIAO_HOME to a folder",
    errno.ENOENT: "it is not there: make it or correct the setting that names it",
}
_URLS: Final = "SHUQIAO_DATABASE_URL, SHUQIAO_OWNER_DATABASE_URL, SHUQIAO_ADMIN_DATABASE_URL"
_FORM: Final = "postgresql+psycopg://role:password@host:5432/name"


def sentence(error: BaseException) -> str:
    """Empty for a fault of ours. Settings are named, their values never repeated."""
    match error:
        case ShuqiaoError():
            fields = [f"{each.pointer}: {each.detail} {each.fix}" for each in error.errors]
            return "\n".join([str(error.detail or error.title), *fields])
        case ValidationError() if error.title == "Settings":
            return "; ".join(_settings(error))
        case SettingsError():
            return _unreadable(error)
        case ArgumentError() | NoSuchModuleError():
            return f"the address of the database cannot be read: write {_FORM} in {_URLS}"
        case OperationalError():
            return f"the database cannot be used: {str(error.orig).strip().splitlines()[0]}"
        case PolicyRefused() | BootstrapError() | HomeUnfinished() | FileExistsError():
            return str(error)
        case OSError(errno=number, filename=name) if number in _FIXES:
            return f"{name or error.strerror}: {_FIXES[number]}"
    return ""


def _settings(error: ValidationError) -> list[str]:
    named = (
        f"SHUQIAO_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
        for each in error.errors(include_input=False)
    )
    return [line.replace("SHUQIAO_: Value error, ", "") for line in named]


def _unreadable(error: SettingsError) -> str:
    """Of a list that is no JSON: the library names the field between quotation marks."""
    _, _, rest = str(error).partition('field "')
    field = rest.partition('"')[0].upper()
    return f'SHUQIAO_{field} cannot be read: write JSON, for example ["one", "two"]'
