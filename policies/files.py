"""The policy files as they were read: once a process, so that what is decided by and what the hash
in every event names are the same bytes, whatever happens to the files afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from policies.subset import PolicyRefused
from shuqiao.settings import settings

FOLDER: Final = Path(__file__).parent
SUFFIXES: Final = frozenset({".cedar", ".cedarschema", ".toml"})
#: The name under which a place's own table of limits is hashed, and named when it is refused: the
#: setting that says where it lies.
LOCAL_FILE: Final = "SHUQIAO_LOCAL_DEADLINES"


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """Name → bytes, in order of name."""

    content: Mapping[str, bytes]

    @property
    def hash(self) -> str:
        """SHA-256 (hex): each file contributes its name, a zero byte, its length in bytes as text,
        a zero byte, and its bytes.
        """
        digest = sha256()
        for name, content in self.content.items():
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def named(self, suffix: str) -> list[str]:
        return [name for name in self.content if name.endswith(suffix)]

    def text(self, name: str) -> str:
        """Raises ``PolicyRefused`` if the file is missing or not UTF-8."""
        try:
            return self.content[name].decode("utf-8")
        except KeyError:
            raise PolicyRefused(f"{name} is missing") from None
        except UnicodeDecodeError as error:
            raise PolicyRefused(f"{name}: {error}") from error


def read(folder: Path, local: Path | None = None) -> PolicyFiles:
    """Every policy file of ``folder``, and the ``local`` table of limits if the place has one.

    Raises ``PolicyRefused`` if a file cannot be read.
    """
    paths = {path.name: path for path in folder.iterdir() if path.suffix in SUFFIXES}
    if local is not None:
        paths[LOCAL_FILE] = local
    try:
        content = {name: paths[name].read_bytes() for name in sorted(paths)}
    except OSError as error:
        raise PolicyRefused(f"{error.filename}: {error.strerror}") from error
    return PolicyFiles(MappingProxyType(content))


@lru_cache(maxsize=1)
def packaged() -> PolicyFiles:
    """The files of this installation."""
    return read(FOLDER, settings().local_deadlines)
