"""``sq catalog`` and ``sq resource``: find data, look at it, fetch it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shuqiao_client.cli_output import (
    facts_of,
    note,
    print_entry,
    print_facts,
    print_json,
    print_records,
)
from shuqiao_client.cli_state import Json, Limit, State
from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.handles import Data

catalog = typer.Typer(no_args_is_help=True, help=choose(("数据目录", "The catalogue")))
resource = typer.Typer(no_args_is_help=True, help=choose(("数据资源", "Data resources")))
#: How the service widened a search that nothing fitted as typed.
_WIDENED = {
    "apart": ("没有连续包含该词的目录，以上为分段包含的结果。", "Found in parts only."),
    "sound": ("以上为名称读音相符的结果。", "Found by the sound of names."),
    "near": ("没有包含该词的目录，以上为一字之差的结果。", "These differ in one character."),
    "any": (
        "没有同时包含各检索词的目录，以上为包含任一词的结果。",
        "Nothing says all of it; these say one of the words.",
    ),
}
_KINDS = (".parquet", ".arrow", ".csv")
Code = Annotated[
    str, typer.Argument(metavar="CODE", help=choose(("资源代码", "Code of the resource")))
]


@catalog.command(
    help=choose(
        (
            "查找已发布的数据资源；词、词的一部分、拼音、首字母都可以，没有全部命中的会说明如何放宽。",
            "Search what is published, by words, parts of them, pinyin or its initials; told when "
            "the search was widened.",
        )
    )
)
def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help=choose(("检索词", "Words")))
    ] = None,
    share_type: Annotated[
        str | None,
        typer.Option(
            help=choose(("共享类型：", "Sharing: ")) + "unconditional, conditional, withheld"
        ),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(help=choose(("提供部门的统一社会信用代码", "Credit code of the provider"))),
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.catalog.search(
            " ".join(words or []), share_type=share_type, provider=provider, limit=limit
        )
        print_records(
            found, ("code", "title", "provider", "share_type", "matched_items"), is_json=json
        )
        if widened := found.said.get("widened"):
            note(choose(_WIDENED.get(widened, (widened, widened))))


@resource.command(
    help=choose(
        (
            "显示数据资源及其信息项；加 --now 则显示现在的内容，包括尚未发布的。",
            "Show a data resource and its items; with --now as it is now, published or not.",
        )
    )
)
def show(
    context: typer.Context,
    code: Code,
    now: Annotated[
        bool, typer.Option("--now", help=choose(("现在的内容和文件", "As it is now, with files")))
    ] = False,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        entry = client.resources.get(code).metadata if now else client.resource(code).metadata
    if json:
        print_json(dict(entry.raw))
        return
    if now:
        print_entry(entry)
        return
    print_facts(facts_of(entry, entry.COLUMNS))
    print_records(
        entry.items,
        ("name", "column_name", "data_type", "is_personal", "share_type"),
        is_json=False,
    )


@resource.command(
    help=choose(
        (
            "按共享授权获取数据。全部内容与回执核对一致后才写出文件。",
            "Fetch granted data. The file is written only when everything agrees with the receipt.",
        )
    )
)
def get(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="CODE|GR-NO",
            help=choose(("资源代码或共享授权编号", "Resource code, or grant number")),
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help=choose(("输出文件：", "File to write: ")) + ", ".join(_KINDS)
        ),
    ],
    columns: Annotated[
        str | None,
        typer.Option(
            help=choose(("只取这些列，用逗号分隔", "Only these columns, separated by commas"))
        ),
    ] = None,
    json: Json = False,
) -> None:
    if output.suffix.lower() not in _KINDS:
        raise typer.BadParameter(", ".join(_KINDS), param_hint="--output")
    if not output.parent.is_dir():
        raise typer.BadParameter(str(output.parent), param_hint="--output")
    chosen = (
        [part.strip() for part in columns.replace("，", ",").split(",") if part.strip()]
        if columns
        else None
    )
    facts = _fetch(context.obj, name, output, chosen)
    if json:
        print_json(facts)
    else:
        told = ("file", "rows", "grant_no", "edition_no", "delivery_no", "root")
        print_facts({key: facts[key] for key in told})


def _fetch(
    state: State, name: str, output: Path, columns: list[str] | None
) -> dict[str, str | int | None]:
    from shuqiao_client.progress import shown
    from shuqiao_client.saving import save

    with state.client() as client:
        is_grant = name.upper().startswith("GR-")
        data: Data = client.grant(name.upper()) if is_grant else client.resource(name)
        with shown(name) as bar:
            receipt = save(data.fetch(columns, progress=bar), output)
    return {
        "file": str(output),
        "rows": receipt.rows,
        "bytes": receipt.bytes,
        "grant_no": receipt.grant_no,
        "edition_no": receipt.edition_no,
        "delivery_no": receipt.delivery_no,
        "root": receipt.root,
        "event_id": receipt.event_id,
        "leaf_hash": receipt.leaf_hash,
        "not_checked": ", ".join(receipt.not_checked),
    }
