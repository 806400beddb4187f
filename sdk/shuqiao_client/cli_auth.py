"""``sq auth``: the profile and whom it speaks for."""

import getpass
import sys
from typing import Annotated, Any

import typer

from shuqiao_client.cli_output import note, print_facts, print_json
from shuqiao_client.cli_state import Json
from shuqiao_client.words import choose

commands = typer.Typer(
    no_args_is_help=True, help=choose(("登录与配置文件", "Signing in and the profile"))
)
_COLUMNS = ("account", "name", "department", "roles")


@commands.command(
    help=choose(
        (
            "验证令牌并写入配置文件（权限 0600）。令牌从提示或标准输入读取。",
            "Check a token and write the profile (0600). The token is read from a prompt or from "
            "standard input.",
        )
    )
)
def login(
    context: typer.Context,
    endpoint: Annotated[str, typer.Option(help=choose(("服务地址", "Address of the service")))],
    json: Json = False,
) -> None:
    from shuqiao_client.client import Client
    from shuqiao_client.profile import Profile

    profile = Profile(endpoint, _token())
    with Client(profile) as client:
        me = client.me()
    path = profile.save(context.obj.profile)
    _show(me, {"endpoint": profile.endpoint, "profile": str(path)}, is_json=json)


@commands.command(
    help=choose(("显示当前配置文件代表的账号。", "Show whom the profile speaks for."))
)
def status(context: typer.Context, json: Json = False) -> None:
    from shuqiao_client.client import Client
    from shuqiao_client.profile import Profile, locate

    profile = Profile.load(context.obj.profile)
    with Client(profile) as client:
        me = client.me()
    _show(
        me,
        {"endpoint": profile.endpoint, "profile": str(locate(context.obj.profile))},
        is_json=json,
    )


def _token() -> str:
    """One line; never an argument, which other users of the machine could see."""
    if sys.stdin.isatty():
        return getpass.getpass(choose(("令牌：", "Token: "))).strip()
    note(choose(("正在从标准输入读取令牌。", "Reading the token from standard input.")))
    return sys.stdin.readline(1_000).strip()


def _show(me: Any, facts: dict[str, Any], *, is_json: bool) -> None:
    facts = {**facts, **{name: getattr(me, name) for name in _COLUMNS}}
    if is_json:
        print_json(facts)
    else:
        print_facts(facts)
