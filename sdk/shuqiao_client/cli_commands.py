"""The tree of commands: ``sq NOUN VERB``."""

from typing import Annotated

import typer

import shuqiao_client
from shuqiao_client import (
    cli_assignments,
    cli_auth,
    cli_catalog,
    cli_collection,
    cli_conflicts,
    cli_demands,
    cli_domains,
    cli_duplicates,
    cli_elements,
    cli_exchange,
    cli_lists,
    cli_negative,
    cli_organisation,
    cli_review,
    cli_sources,
    cli_systems,
    cli_trail,
    cli_updates,
)
from shuqiao_client.cli_state import State
from shuqiao_client.words import choose

commands = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=choose(
        (
            "数桥：查找、申请、获取共享数据；登记和审核数据资源。",
            "Shuqiao: find, apply for and fetch shared data; register and review data resources.",
        )
    ),
    epilog=choose(
        (
            "退出状态：0 成功，1 失败，2 用法，3 未找到，4 需要登录，5 未获准，6 状态冲突，7 "
            "内容有误",
            "Exit status: 0 done, 1 failed, 2 usage, 3 not found, 4 sign in, 5 not allowed, 6 "
            "conflict, 7 entries to mend",
        )
    ),
)
for name, group in {
    "auth": cli_auth.commands,
    "catalog": cli_catalog.catalog,
    "resource": cli_duplicates.resource,
    "review": cli_review.review,
    "domain": cli_domains.domain,
    "element": cli_elements.element,
    "proposal": cli_elements.proposal,
    "source": cli_sources.source,
    "calendar": cli_review.calendar,
    "overdue": cli_review.overdue,
    "department": cli_organisation.department,
    "system": cli_systems.system,
    "duplicate": cli_duplicates.duplicate,
    "list": cli_lists.lists,
    "collection": cli_collection.collection,
    "update": cli_updates.update,
    "template": cli_assignments.template,
    "assignment": cli_assignments.assignment,
    "source-conflict": cli_conflicts.conflict,
    "demand": cli_demands.demand,
    "negative": cli_negative.negative,
    "request": cli_exchange.request,
    "grant": cli_exchange.grant,
    "trail": cli_trail.trail,
}.items():
    commands.add_typer(group, name=name)


@commands.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    profile: Annotated[
        str | None, typer.Option(help=choose(("配置文件的路径", "Path of the profile")))
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help=choose(("语言：zh 或 en", "Language: zh or en")))
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help=choose(("显示版本", "Show the version")))
    ] = False,
) -> None:
    if lang not in (None, "zh", "en"):
        raise typer.BadParameter("zh, en", param_hint="--lang")
    if version:
        typer.echo(shuqiao_client.__version__)
        raise typer.Exit
    context.obj = State(profile)
