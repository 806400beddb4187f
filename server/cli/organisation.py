"""``shuqiao duty …`` and what describes departments: the register as its operator writes it.

A file of departments may say of each what the page asks for: ``parent`` (key or code), ``level``,
``area``, ``line``, ``regime``, ``sharing_unit``, ``sharing_contact``, and ``[[department.duty]]``.
"""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from server.cli.accounts import departments, entries
from server.cli.typed import model as _model
from server.process.output import USAGE, Json, show, stop

duties = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Duties (三定职责).")

_SAID: Final = ("level", "line", "regime", "sharing_unit", "sharing_contact")
Code = Annotated[str, typer.Argument(help="Unified social credit code of the department.")]


@departments.command("describe")
def describe(
    code: Annotated[str | None, typer.Argument(help="Unified social credit code.")] = None,
    parent: Annotated[str | None, typer.Option(metavar="CODE", help="The one above.")] = None,
    level: Annotated[
        str | None, typer.Option(help="national, province, city, county, township, using_point.")
    ] = None,
    area: Annotated[str | None, typer.Option(metavar="CODE", help="Its area.")] = None,
    line: Annotated[str | None, typer.Option(help="territorial, vertical, dual.")] = None,
    regime: Annotated[str | None, typer.Option(help="applies, by_reference, authorised.")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="All [[department]] tables of a TOML file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """State level, area and the like of a department, or of all of a file with their duties.

    What is not given is not changed.
    """
    if source is None and code is None:
        raise stop("give CODE, or --from FILE", USAGE)
    given = {"parent": parent, "level": level, "area": area, "line": line, "regime": regime}
    wanted: list[dict[str, Any]] = (
        entries(source, "department") if source else [{"code": code, **given}]
    )
    codes: dict[str, str] = {entry["key"]: entry["code"] for entry in wanted if "key" in entry}
    from server.process.database import operating

    with operating() as session:
        show([_describe(session, entry, codes) for entry in wanted], as_json)


@departments.command("quota")
def quota(
    code: Code,
    mb: Annotated[
        int | None,
        typer.Option(metavar="MB", help="What it may keep on the disk, in MB of 1,048,576 bytes."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say how much a department may keep on the disk; without --mb what the installation says."""
    from auth.departments import service as register
    from auth.departments.schemas import DepartmentQuota
    from server.process.database import operating
    from shuqiao.subject import Subject

    wanted = _model(DepartmentQuota, quota_mb=mb).quota_mb
    with operating() as session:
        found = register.department_by_code(session, code, lock=True)
        cli = Subject.system("cli")
        register.set_quota(session, cli, found, wanted, version=found.version)
        show([{"code": found.code, "name": found.name, "quota_mb": found.quota_mb}], as_json)


@departments.command("rename")
def rename(
    code: Code,
    name: Annotated[str, typer.Argument(help="The new name.")],
    document: Annotated[str, typer.Option(help="Number of the document.")] = "",
    on: Annotated[str | None, typer.Option(metavar="DATE", help="In effect from.")] = None,
    as_json: Json = False,
) -> None:
    """Give a department another name; the former one stays readable."""
    from auth.administration.schemas import DepartmentRename
    from auth.departments import service as register
    from server.process.database import operating
    from shuqiao.subject import Subject

    with operating() as session:
        found = register.department_by_code(session, code, lock=True)
        before = found.name
        body = _model(
            DepartmentRename,
            name=name,
            name_before=before,
            document_no=document,
            effective_on=on,
        )
        register.rename_department(
            session, Subject.system("cli"), found, name=body.name, before=before, act=body.act
        )
        show([{"code": found.code, "name": found.name, "formerly": before}], as_json)


@departments.command("reorganise")
def reorganise(
    kind: Annotated[str, typer.Argument(help="merged or split.")],
    before: Annotated[list[str], typer.Option(metavar="CODE", help="Repeat for several.")],
    after: Annotated[list[str], typer.Option(metavar="CODE", help="Repeat for several.")],
    document: Annotated[str, typer.Option(help="Number of the document.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="In effect from.")],
    as_json: Json = False,
) -> None:
    """Record a merger or a split. Who stands only before it has ended; that is not taken back."""
    from auth.reorganisations import service as register
    from auth.reorganisations.schemas import ReorganisationRecord
    from auth.succession.service import succession as succeeding
    from server.process.database import operating
    from server.wiring import wire
    from shuqiao.subject import Subject

    body = _model(
        ReorganisationRecord,
        kind=kind,
        document_no=document,
        effective_on=on,
        before=before,
        after=after,
    )
    with operating() as session:
        act = register.reorganise(session, Subject.system("cli"), body)
        wire()
        succeeding.open_after(session, Subject.system("cli"), act)
        show([{"act_no": act.act_no, "kind": act.kind, "effective_on": on}], as_json)


@duties.command("add")
def add_duty(
    code: Code,
    text: Annotated[str, typer.Argument(help="The duty in the words of the document.")],
    document: Annotated[str, typer.Option(help="The document that gives it.")],
    since: Annotated[str, typer.Option(metavar="DATE", help="In effect from.")],
    number: Annotated[str, typer.Option(help="Number of the document.")] = "",
    article: Annotated[str, typer.Option(help="Its article.")] = "",
    as_json: Json = False,
) -> None:
    """Record a duty of a department; it gets a number by which it is cited."""
    from auth.departments.service import department_by_code
    from server.process.database import operating

    said = {"document": document, "document_no": number, "article": article}
    with operating() as session:
        department = department_by_code(session, code, lock=True)
        show([_duty(session, department, {"text": text, **said, "valid_from": since})], as_json)


@duties.command("end")
def end_duty(
    code: Code,
    number: Annotated[str, typer.Argument(help="Number of the duty, as DU-2026-000001.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="Its last day.")],
    as_json: Json = False,
) -> None:
    """Say on which day a duty ended; it stays readable."""
    from auth.departments.service import department_by_code
    from auth.duties import service as register
    from auth.duties.schemas import DutyEnd, DutyRead
    from server.process.database import operating
    from shuqiao.subject import Subject

    body = _model(DutyEnd, valid_until=on)
    with operating() as session:
        department = department_by_code(session, code, lock=True)
        ended = register.end(session, Subject.system("cli"), department, number, body)
        show([DutyRead.of(ended).model_dump(mode="json")], as_json)


@duties.command("list")
def list_duties(code: Code, as_json: Json = False) -> None:
    """Show the duties of a department."""
    from auth.departments.service import department_by_code
    from auth.duties import repository as kept
    from auth.duties.schemas import DutyRead
    from server.process.database import operating

    with operating() as session:
        found = kept.of_department(session, department_by_code(session, code).id)
        show([DutyRead.of(duty).model_dump(mode="json") for duty in found], as_json)


def _describe(session: Any, entry: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """State what ``entry`` says, keep the rest, and record its duties."""
    from auth.departments import repository as kept
    from auth.departments import service as register
    from auth.departments.schemas import DepartmentDescribe
    from shuqiao.subject import Subject

    found = register.department_by_code(session, entry["code"], lock=True)
    above = kept.by_id(session, found.parent_id).code if found.parent_id else None
    said = {name: entry.get(name) or getattr(found, name) or None for name in _SAID}
    said = {name: value for name, value in said.items() if value is not None}
    parent = entry.get("parent")
    body = _model(
        DepartmentDescribe,
        **said,
        parent_code=codes.get(parent, parent) if parent else above,
        area_code=entry.get("area") or found.area_code,
    )
    register.describe(session, Subject.system("cli"), found, body, version=found.version)
    duties = [_duty(session, found, duty)["duty_no"] for duty in entry.get("duty", ())]
    return {
        "code": found.code,
        "name": found.name,
        "level": found.level,
        "area": found.area_code,
        "duties": len(duties),
    }


def _duty(session: Any, department: Any, said: dict[str, Any]) -> dict[str, Any]:
    from auth.duties import service as register
    from auth.duties.schemas import DutyRead, DutyRecord
    from shuqiao.subject import Subject

    duty = register.record(session, Subject.system("cli"), department, _model(DutyRecord, **said))
    return DutyRead.of(duty).model_dump(mode="json")
