"""``sq trail``: the offline check of an export of the trail; needs no service and no token."""

from pathlib import Path
from typing import Annotated

import typer

from shuqiao_client.cli_output import print_json
from shuqiao_client.cli_state import Json
from shuqiao_client.words import choose, language

trail = typer.Typer(
    no_args_is_help=True,
    help=choose(("核对审计轨迹的导出文件", "Check exports of the audit trail")),
)


@trail.command(
    "verify",
    help=choose(
        (
            "核对导出文件，先说明没有核对什么。退出状态：0 所要求的核对无误，1 有问题，8 没有发现"
            "问题但核对的少于所要求的，9 不是导出文件",
            "Check an export, and say first what was not checked. Exit status: 0 what was asked for"
            " is right, 1 something is wrong, 8 nothing wrong was found but less was checked than"
            " was asked for, 9 not an export",
        )
    ),
)
def verify(
    file: Annotated[
        Path, typer.Argument(help=choose(("导出文件", "The export")), exists=True, dir_okay=False)
    ],
    expect: Annotated[
        Path | None,
        typer.Option(
            help=choose(
                ("另外留存的回执和条数（JSON）", "Receipts and counts kept elsewhere (JSON)")
            ),
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(
            help=choose(("以前导出的整个轨迹", "An earlier export of the whole trail")),
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    part: Annotated[
        bool,
        typer.Option(
            "--part", help=choose(("只要求核对文件中的记录", "Ask only for the events of the file"))
        ),
    ] = False,
    is_json: Json = False,
) -> None:
    from shuqiao_client import verifier

    try:
        report = verifier.verify(file, expect, earlier=earlier, part=part)
    except verifier.NotComparable as refused:
        raise typer.BadParameter(verifier.why_not(refused, language())) from None
    if is_json:
        print_json(verifier.as_json(report, language()))
    else:
        for line in verifier.as_lines(report, language()):
            typer.echo(line)
    raise typer.Exit(verifier.EXITS[report.verdict])
