"""A key as operators see it."""

from pydantic import BaseModel


class KeyRead(BaseModel):
    """Never the key itself. ``here``: ``right``, ``missing`` or ``other``."""

    name: str
    purpose: str
    fingerprint: str
    generation: int
    registered_at: str
    here: str


class Rotated(BaseModel):
    """What a rotation left: ``lost`` connections have to be added again."""

    name: str
    fingerprint: str
    generation: int
    lost: list[str]
