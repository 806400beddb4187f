"""``shuqiao keys list|rotate``: the keys of the installation, never their bytes."""

from typing import Annotated

import typer

from server.process.output import Json, show

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Keys of the installation (密钥)."
)


@app.command("list")
def list_keys(as_json: Json = False) -> None:
    """Show every key with its fingerprint, and whether this machine has the right file."""
    from server.keys.service.listing import listed
    from server.process.database import operating

    with operating() as session:
        show([each.model_dump() for each in listed(session)], as_json)


@app.command("rotate")
def rotate_key(
    name: Annotated[str, typer.Argument(help="Its name, as `shuqiao keys list` says it.")],
    because: Annotated[
        str, typer.Option(metavar="TEXT", help="Why, where a new key changes what others hold.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Make a new key in the place of one. Running processes take it up by themselves."""
    from server.keys.service.rotating import rotate
    from server.process.database import connected
    from shuqiao.subject import Subject

    with connected():
        made = rotate(Subject.system("cli"), name, because.strip())
    show([made.model_dump()], as_json)
