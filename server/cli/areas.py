"""``shuqiao area …``: the register of areas as its operator writes it."""

import csv
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.typed import model as _model
from server.process.output import USAGE, Json, show, stop

areas = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Areas (地区).")


@areas.command("load")
def load_areas(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, UTF-8.")],
    source: Annotated[str, typer.Option(help="Where it was read.")] = "GB/T 2260",
    as_json: Json = False,
) -> None:
    """Load divisions: columns 代码, 名称, 生效日期, 失效日期. Nothing is deleted."""
    from auth.areas import service as register
    from server.process.database import operating
    from shuqiao.subject import Subject

    lines = _divisions(file)
    with operating() as session:
        loaded = register.load_divisions(session, Subject.system("cli"), lines, source=source)
        show(
            [{"added": loaded.added, "renamed": loaded.renamed, "ended": loaded.ended}],
            as_json,
        )


@areas.command("add")
def add_area(
    code: Annotated[str, typer.Argument(help="Six digits that no division has.")],
    name: Annotated[str, typer.Argument(help="Its name.")],
    parent: Annotated[str, typer.Option(metavar="CODE", help="The area it lies in.")],
    basis: Annotated[str, typer.Option(help="The document that set it up.")],
    since: Annotated[str | None, typer.Option(metavar="DATE", help="In effect from.")] = None,
    as_json: Json = False,
) -> None:
    """Register a functional area (功能区)."""
    from auth.areas import service as register
    from auth.areas.schemas import AreaRead, AreaRegister
    from server.process.database import operating
    from shuqiao.subject import Subject

    body = _model(
        AreaRegister, code=code, name=name, parent_code=parent, valid_from=since, basis=basis
    )
    with operating() as session:
        made = register.register_functional(session, Subject.system("cli"), body)
        show([AreaRead.of(made).model_dump(mode="json")], as_json)


@areas.command("end")
def end_area(
    code: Annotated[str, typer.Argument(help="Code of a functional area.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="Its last day.")],
    as_json: Json = False,
) -> None:
    """Say on which day a functional area ended; its code is never used again."""
    from auth.areas import service as register
    from auth.areas.schemas import AreaEnd, AreaRead
    from server.process.database import operating
    from shuqiao.subject import Subject

    body = _model(AreaEnd, valid_until=on)
    with operating() as session:
        area = register.area_by_code(session, code, lock=True)
        ended = register.end_functional(session, Subject.system("cli"), area, body)
        show([AreaRead.of(ended).model_dump(mode="json")], as_json)


@areas.command("list")
def list_areas(as_json: Json = False) -> None:
    """Show all areas."""
    from auth.areas import repository as kept
    from auth.areas.schemas import AreaRead
    from server.process.database import operating

    with operating() as session:
        found = [AreaRead.of(area) for area in kept.everything(session)]
        show([each.model_dump(mode="json") for each in found], as_json)


def _divisions(file: Path) -> list[Any]:
    from auth.areas.schemas import Line

    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, ValueError, csv.Error) as error:
        raise stop(f"{file}: {error}", USAGE) from None
    if not rows or not {"代码", "名称"} <= set(rows[0]):
        raise stop(f"{file} has no columns 代码 and 名称", USAGE)
    try:
        return [
            Line(
                row["代码"].strip(),
                row["名称"].strip(),
                _day(row.get("生效日期")),
                _day(row.get("失效日期")),
            )
            for row in rows
        ]
    except ValueError as error:
        raise stop(f"{file}: {error}", USAGE) from None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text.strip()) if text and text.strip() else None
