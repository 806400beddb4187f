"""Who may read how much each department keeps on the disk."""

from typing import Annotated, Final

from auth.guard import Place, may_at
from policies.actions import Action
from shuqiao.subject import Subject

STORAGE: Final = Place("Storage", "storage")

Reader = Annotated[Subject, may_at(Action.STORAGE_READ, STORAGE)]
