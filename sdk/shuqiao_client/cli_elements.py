"""``sq element``: data elements and their versions; ``sq proposal``: what is to become of them."""

import json as jsonlib
from pathlib import Path
from typing import Annotated, Any

import typer

from shuqiao_client.cli_output import facts_of, note, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.proposals import Proposal
from shuqiao_client.words import choose

element = typer.Typer(no_args_is_help=True, help=choose(("数据元", "Data elements")))
proposal = typer.Typer(no_args_is_help=True, help=choose(("数据元提案", "Proposals for elements")))
Identifier = Annotated[
    str, typer.Argument(metavar="ID", help=choose(("如 DE-000001", "Such as DE-000001")))
]
No = Annotated[
    str, typer.Argument(metavar="NO", help=choose(("如 EP-2026-000001", "Such as EP-2026-000001")))
]
_Version = Annotated[int, typer.Argument(min=1, help=choose(("版本号", "Number of a version")))]
_File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON")]
_Reason = Annotated[str, typer.Option(help=choose(("理由", "Why")))]
_Successor = Annotated[
    str | None, typer.Option(help=choose(("改用的数据元", "Element to use instead")))
]

_Carries = Annotated[
    bool, typer.Option(help=choose(("数源随之转至改用的数据元", "Its sources go over to it")))
]


@element.command("list", help=choose(("列出数据元。", "List data elements.")))
def list_elements(
    context: typer.Context,
    words: Annotated[
        str,
        typer.Argument(
            metavar="[WORDS]",
            help=choose(
                (
                    "标识符、名称、同义名称、定义或标准号中的文字",
                    "Part of an identifier, a name or synonym, a definition, a standard",
                )
            ),
        ),
    ] = "",
    status: Annotated[str | None, typer.Option(help="draft, recorded, standard …")] = None,
    data_type: Annotated[str | None, typer.Option(help="C, N, D …")] = None,
    sourcing: Annotated[str | None, typer.Option(help="authoritative, derived, none")] = None,
    standard_kind: Annotated[
        str | None, typer.Option(help="national, industry, local, platform")
    ] = None,
    domain: Annotated[str | None, typer.Option(help="VD-000001")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    asked = {
        "status": status,
        "data_type": data_type,
        "sourcing": sourcing,
        "standard_kind": standard_kind,
        "domain": domain,
    }
    with context.obj.client() as client:
        columns = ("identifier", "name", "data_type", "status", "definition")
        print_records(client.elements.list(words, limit=limit, **asked), columns, is_json=json)


@element.command("show", help=choose(("显示数据元。", "Show a data element.")))
def show_element(context: typer.Context, identifier: Identifier, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.elements.get(identifier)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))


@element.command(help=choose(("列出已发布版本。", "List the published versions.")))
def versions(context: typer.Context, identifier: Identifier, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.elements.versions(identifier)
        print_records(found, ("number", "is_current", "published_at", "digest"), is_json=json)


@element.command(help=choose(("显示某一版本（JSON）。", "Show a version, as JSON.")))
def version(context: typer.Context, identifier: Identifier, number: _Version) -> None:
    with context.obj.client() as client:
        print_json(dict(client.elements.version(identifier, number).raw))


@element.command(help=choose(("对比两个版本。", "Compare two versions.")))
def compare(
    context: typer.Context,
    identifier: Identifier,
    before: _Version,
    after: _Version,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.elements.differences(identifier, before, after)
        print_records(found, ("label", "before", "after"), is_json=json)


@element.command("import", help=choose(("从文件导入数据元。", "Import a list from a file.")))
def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX")],
    status: Annotated[str, typer.Option("--as", help="draft, standard")] = "draft",
) -> None:
    with context.obj.client() as client:
        count = client.elements.add_list(file, status)
    note(choose((f"已导入 {count} 个数据元。", f"Data elements imported: {count}.")))


@element.command(help=choose(("提出数据元或修订。", "Propose an element, or a change of one.")))
def propose(
    context: typer.Context,
    file: _File,
    reason: _Reason,
    change: Annotated[str | None, typer.Option(help="DE-000001")] = None,
) -> None:
    with context.obj.client() as client:
        _show(client.proposals.propose(_said(file), reason, change))


@element.command(help=choose(("提出替代或者废止。", "Propose that an element ends.")))
def end(
    context: typer.Context,
    identifier: Identifier,
    reason: _Reason,
    successor: _Successor = None,
    carries: _Carries = False,
) -> None:
    with context.obj.client() as client:
        _show(client.proposals.end(identifier, reason, successor, carries=carries))


@proposal.command("list", help=choose(("列出提案。", "List proposals.")))
def list_proposals(
    context: typer.Context,
    status: Annotated[str | None, typer.Option(help="proposed, recorded, returned …")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        print_records(client.proposals.list(status, limit=limit), Proposal.COLUMNS, is_json=json)


@proposal.command("show", help=choose(("显示提案。", "Show a proposal.")))
def show_proposal(context: typer.Context, no: No, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.proposals.get(no)
    if json:
        print_json(dict(found.raw))
    else:
        _show(found)


@proposal.command(help=choose(("修改后再次提出。", "Correct and propose again.")))
def revise(context: typer.Context, no: No, file: _File, reason: _Reason) -> None:
    with context.obj.client() as client:
        _show(client.proposals.revise(no, _said(file), reason))


@proposal.command(help=choose(("修改终止提案后再次提出。", "Correct a proposal to end one.")))
def revise_end(
    context: typer.Context,
    no: No,
    reason: _Reason,
    successor: _Successor = None,
    carries: _Carries = False,
) -> None:
    with context.obj.client() as client:
        _show(client.proposals.revise_end(no, reason, successor, carries=carries))


@proposal.command("open", help=choose(("登记并征求意见。", "Record it, open the hearing.")))
def open_hearing(context: typer.Context, no: No) -> None:
    with context.obj.client() as client:
        _show(client.proposals.open_hearing(no))


@proposal.command(help=choose(("发布提案。", "Publish a proposal.")))
def publish(
    context: typer.Context,
    no: No,
    remark: Annotated[str, typer.Option(help=choose(("提前发布的理由", "Why early")))] = "",
) -> None:
    with context.obj.client() as client:
        _show(client.proposals.publish(no, remark))


@proposal.command("return", help=choose(("退回提案。", "Return a proposal.")))
def give_back(context: typer.Context, no: No, remark: _Reason) -> None:
    with context.obj.client() as client:
        _show(client.proposals.give_back(no, remark))


@proposal.command(help=choose(("撤回提案。", "Withdraw a proposal.")))
def withdraw(context: typer.Context, no: No) -> None:
    with context.obj.client() as client:
        _show(client.proposals.withdraw(no))


def _show(found: Proposal) -> None:
    print_facts(facts_of(found, (*found.COLUMNS, "reason")))


def _said(file: Path) -> dict[str, Any]:
    try:
        said = jsonlib.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise typer.BadParameter(choose(("文件不是 JSON 对象", "The file is no JSON object")))
    return said
