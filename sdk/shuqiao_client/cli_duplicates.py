"""``sq duplicate``: items that are likely to be a data element; ``sq resource proposals`` and
``bind`` for the items of one entry.
"""

from typing import Annotated

import typer

from shuqiao_client.cli_catalog import Code
from shuqiao_client.cli_output import (
    facts_of,
    note,
    print_facts,
    print_json,
    print_records,
    print_rows,
)
from shuqiao_client.cli_published import resource
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.duplicates import Suspicion
from shuqiao_client.words import choose

__all__ = ["duplicate", "resource"]

duplicate = typer.Typer(no_args_is_help=True, help=choose(("疑似重复", "Suspected duplicates")))
_Id = Annotated[str, typer.Argument(metavar="ID", help=choose(("标识", "Its id")))]


@duplicate.command(
    "list",
    help=choose(
        ("列出疑似已有数据元的信息项。", "List items that are likely to be a data element.")
    ),
)
def list_duplicates(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="open, bound, dismissed")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.duplicates.list(state, limit=limit)
        print_records(found, Suspicion.COLUMNS, is_json=json)


@duplicate.command("show", help=choose(("显示一条及其依据。", "Show one with its evidence.")))
def show_duplicate(context: typer.Context, suspicion: _Id, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.duplicates.get(suspicion), is_json=json)


@duplicate.command(help=choose(("认定不是重复。", "Say that it is no duplicate.")))
def dismiss(
    context: typer.Context,
    suspicion: _Id,
    reason: Annotated[str, typer.Option(help=choose(("理由", "Why")))],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.duplicates.dismiss(suspicion, reason), is_json=json)


@resource.command(
    help=choose(
        (
            "列出未关联信息项可能对应的数据元及其依据。",
            "List the data elements that unbound items are likely to be, and why.",
        )
    )
)
def proposals(context: typer.Context, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.resources.get(code).proposals
    if json:
        print_json(dict(found.raw))
        return
    rows = [
        [
            each.name,
            proposal.element,
            proposal.name,
            f"{proposal.score:.2f}",
            choose(("；", "; ")).join(reason.words for reason in proposal.evidence),
        ]
        for each in found.items
        for proposal in each.proposals
    ]
    print_rows(rows, ("item", "element", "element_name", "score", "evidence"))


@resource.command(
    help=choose(
        (
            "关联信息项和数据元，如 学校代码=DE-000001；--likely 关联全部很可能的。",
            "Bind items to data elements, such as 学校代码=DE-000001; --likely binds all that are "
            "likely.",
        )
    )
)
def bind(
    context: typer.Context,
    code: Code,
    pairs: Annotated[list[str] | None, typer.Argument(metavar="ITEM=ELEMENT")] = None,
    likely: Annotated[
        bool, typer.Option("--likely", help=choose(("全部很可能的", "All that are likely")))
    ] = False,
    rename: Annotated[
        bool, typer.Option("--rename", help=choose(("采用数据元名称", "Take the element's name")))
    ] = False,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        entry = client.resources.get(code)
        wanted = entry.proposals.likely if likely else [_pair(each) for each in pairs or ()]
        if not wanted:
            note(choose(("没有可关联的信息项", "There is nothing to bind")))
            return
        bound = entry.bind(wanted, takes_name=rename)
    if json:
        print_json(bound)
    else:
        note(choose((f"已关联 {bound['bound']} 个信息项", f"{bound['bound']} items are bound")))


@resource.command(
    "bind-drafts",
    help=choose(
        (
            "列出本部门全部草稿未关联信息项最可能的数据元；--likely 全部关联很可能的。",
            "List the likeliest elements of the items of all drafts; --likely binds all that are "
            "likely.",
        )
    ),
)
def bind_drafts(
    context: typer.Context,
    likely: Annotated[
        bool, typer.Option("--likely", help=choose(("全部很可能的", "All that are likely")))
    ] = False,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.drafts.proposals
        bound = client.drafts.bind(found.likely) if likely and found.likely else None
    if json:
        print_json(dict(found.raw) if bound is None else bound)
    elif bound is not None:
        entries = len(bound["entries"])
        note(
            choose(
                (
                    f"已关联 {entries} 个草稿的 {bound['bound']} 个信息项",
                    f"{bound['bound']} items of {entries} drafts are bound",
                )
            )
        )
    elif likely:
        note(choose(("没有可关联的信息项", "There is nothing to bind")))
    else:
        rows = [
            [draft.resource_code, each.name, best.element, best.name, f"{best.score:.2f}"]
            for draft in found.entries
            for each in draft.items
            for best in each.proposals[:1]
        ]
        print_rows(rows, ("resource", "item", "element", "element_name", "score"))


def _pair(text: str) -> tuple[str, str]:
    item, is_split, element = text.partition("=")
    if not is_split:
        wanted = choose(("请写成 信息项=数据元", "Write it as ITEM=ELEMENT"))
        raise typer.BadParameter(wanted)
    return item, element


def _show(found: Suspicion, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, Suspicion.COLUMNS))
    print_rows([[reason.words] for reason in found.evidence], ("evidence",))
