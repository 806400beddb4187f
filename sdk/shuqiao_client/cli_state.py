"""What the commands share: which profile was named, the client made
from it, and options that mean the same.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.client import Client

Json = Annotated[bool, typer.Option("--json", help=choose(("只输出 JSON", "Print JSON only")))]
Limit = Annotated[int | None, typer.Option(min=1, help=choose(("最多条数", "At most so many")))]


@dataclass(slots=True)
class State:
    """``profile``: path from the command line, None for the usual places."""

    profile: str | None = None

    def client(self) -> "Client":
        """A client with the profile. Raises ``ProfileRefused``."""
        from shuqiao_client.client import Client

        return Client.from_profile(self.profile)
