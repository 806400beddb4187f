"""``shuqiao calendar …``: the notices by which working days are counted."""

from pathlib import Path
from typing import Annotated

import typer

from server.process.output import Json, show

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Working-day calendars (工作日日历)."
)


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")],
    year: Annotated[int, typer.Option(min=2018, max=2100, help="The year of the notice.")],
    notice: Annotated[str, typer.Option(help="Its number, as 国办发明电〔2025〕7号.")],
    source: Annotated[str, typer.Option(help="Where it was read.")],
    replaces: Annotated[
        int | None, typer.Option(min=1, help="Version that this one corrects.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Load the State Council's notice of a year: columns 日期, 类型 (休 or 班), 名称."""
    from server.calendars import service as loading
    from server.calendars.forms import read_file
    from server.calendars.schemas import CalendarRead, NoticeWrite
    from server.process.database import operating
    from shuqiao.subject import Subject
    from shuqiao.uploads import store_upload

    wanted = NoticeWrite(notice_no=notice, source=source, replaces=replaces)
    with file.open("rb") as opened, store_upload(opened, file.name) as upload:
        read = read_file(upload)
    with operating() as session:
        loaded = loading.load(session, Subject.system("cli"), year, wanted, read.days, read.lines)
        made = CalendarRead.of(loaded.version).model_dump(mode="json")
        show([{**made, "moved": loaded.moved}], as_json)


@app.command("list")
def list_calendars(as_json: Json = False) -> None:
    """Show the years that can be counted, the newest first."""
    from server.calendars import service as loading
    from server.calendars.schemas import CalendarRead
    from server.process.database import operating

    with operating() as session:
        found = [CalendarRead.of(each) for each in loading.loaded(session)]
        show([each.model_dump(mode="json") for each in found], as_json)
