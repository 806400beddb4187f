"""The packages above the ground: templates and static files lie in their rooms."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from shuqiao.web.slots import Slot

#: The folder of each package, in the order in which they are looked through.
FLOORS: Final[Slot[Sequence[Path]]] = Slot(())


def folders_above(name: str) -> tuple[Path, ...]:
    """``<package>/<name>`` and ``<package>/<room>/<name>`` of the floors
    above, as far as they are there.
    """
    return _folders(tuple(FLOORS.held), name)


@cache
def _folders(floors: tuple[Path, ...], name: str) -> tuple[Path, ...]:
    return tuple(
        folder
        for floor in floors
        for pattern in (name, f"*/{name}")
        for folder in sorted(floor.glob(pattern))
        if folder.is_dir()
    )
