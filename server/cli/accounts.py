"""``shuqiao department|user …``: who works with the service, decided by its operator."""

import secrets
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from policies.roles import Role
from server.cli.typed import model
from server.process.output import USAGE, Json, show, stop

departments = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Departments (部门).")
users = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Accounts (账号).")

_ROLE_HELP = f"Repeat for several: {', '.join(Role)}."
#: Where two offices are held, the command does nothing to a seat without it.
Because = Annotated[
    str,
    typer.Option(
        help="Why no two offices can do it on the pages; into the trail and to every administrator."
    ),
]


@departments.command("add")
def add_department(
    code: Annotated[
        str | None, typer.Argument(help="Unified social credit code (GB 32100).")
    ] = None,
    name: Annotated[str | None, typer.Argument(help="Its name.")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="All [[department]] tables of a TOML file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Register a department, or all of a file."""
    wanted = entries(source, "department") if source else [{"code": code or "", "name": name or ""}]
    if not all(entry.get("code") and entry.get("name") for entry in wanted):
        raise stop("give CODE and NAME, or --from FILE", USAGE)
    from auth.administration.schemas import DepartmentCreate
    from auth.departments import service as register
    from server.process.database import operating
    from shuqiao.subject import Subject

    stated = [model(DepartmentCreate, code=each["code"], name=each["name"]) for each in wanted]
    with operating() as session:
        cli = Subject.system("cli")
        made = [
            register.create_department(session, cli, code=each.code, name=each.name)
            for each in stated
        ]
        show([{"code": department.code, "name": department.name} for department in made], as_json)


@departments.command("list")
def list_departments(as_json: Json = False) -> None:
    """Show all departments."""
    from auth.departments import repository as register
    from server.process.database import operating

    with operating() as session:
        show(
            [
                {
                    "code": found.code,
                    "name": found.name,
                    "level": found.level,
                    "area": found.area_code,
                    "ended_on": found.ended_on.isoformat() if found.ended_on else None,
                }
                for found in register.listed(session)
            ],
            as_json,
        )


@users.command("add")
def add_user(
    account: Annotated[str | None, typer.Argument(help="The name to sign in with.")] = None,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    department: Annotated[str, typer.Option(metavar="CODE", help="The person's department.")] = "",
    role: Annotated[list[str] | None, typer.Option(metavar="ROLE", help=_ROLE_HELP)] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="All [[account]] tables of a TOML file."),
    ] = None,
    departments: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TOML file that gives department keys their codes."),
    ] = None,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input; else one is made."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Create an account, or all of a file.

    A password that was made is printed once and kept nowhere.
    """
    codes = (
        {entry["key"]: entry["code"] for entry in entries(departments, "department")}
        if departments
        else {}
    )
    if source:
        wanted = entries(source, "account")
    elif account and name and department and role:
        wanted = [{"account": account, "name": name, "department": department, "roles": role}]
    else:
        raise stop("give ACCOUNT, --name, --department and --role, or --from FILE", USAGE)
    given = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    show(_create(wanted, codes, given), as_json)


@users.command("list")
def list_users(as_json: Json = False) -> None:
    """Show all accounts, without secrets."""
    from auth.accounts import repository as accounts
    from server.process.database import operating

    with operating() as session:
        found = accounts.listed(session)
        show(
            [
                {"account": u.account, "name": u.name, "roles": u.roles, "active": u.is_active}
                for u in found
            ],
            as_json,
        )


@users.command("roles")
def assign_roles(
    account: Annotated[str, typer.Argument(help="Whose roles.")],
    role: Annotated[list[str] | None, typer.Option(metavar="ROLE", help=_ROLE_HELP)] = None,
    because: Because = "",
    as_json: Json = False,
) -> None:
    """Give an account exactly these roles; without --role it has none. Its sessions end."""
    wanted = [_role(name) for name in role or ()]
    from auth.administration import service as administration
    from auth.roles import SEATS
    from auth.seats.words import SeatChangeKind

    def assign(session: Any, cli: Any, user: Any) -> dict[str, Any]:
        leads = not SEATS.isdisjoint(set(wanted) - set(user.roles))
        basis = _basis(session, user, SeatChangeKind.ROLES, because) if leads else None
        administration.assign_roles(
            session, cli, user, roles=wanted, before=list(user.roles), basis=basis
        )
        return {}

    _change(account, assign, as_json)


@users.command("suspend")
def suspend(
    account: Annotated[str, typer.Argument(help="Who can no longer sign in.")],
    reason: Annotated[str, typer.Option(help="Goes into the trail.")],
    as_json: Json = False,
) -> None:
    """Suspend an account: sessions end, service tokens are revoked, running transfers stop."""
    from auth.administration import service as administration

    def close(session: Any, cli: Any, user: Any) -> dict[str, Any]:
        administration.suspend(session, cli, user, reason=reason)
        return {}

    _change(account, close, as_json)


@users.command("restore")
def restore(
    account: Annotated[str, typer.Argument(help="Who can sign in again.")],
    because: Because = "",
    as_json: Json = False,
) -> None:
    """Restore a suspended account with its roles; sessions and tokens of before stay ended."""
    from auth.administration import service as administration
    from auth.seats.words import SeatChangeKind

    def open_again(session: Any, cli: Any, user: Any) -> dict[str, Any]:
        leads = administration.leads_to_seat(user)
        basis = _basis(session, user, SeatChangeKind.RESTORATION, because) if leads else None
        administration.restore(session, cli, user, basis=basis)
        return {}

    _change(account, open_again, as_json)


@users.command("reset-password")
def reset_password(
    account: Annotated[str, typer.Argument(help="Whose password.")],
    because: Because = "",
    as_json: Json = False,
) -> None:
    """Make a one-time password, printed once and kept nowhere; the
    person must choose another at the next sign-in.
    """
    from auth.administration import service as administration
    from auth.seats.words import SeatChangeKind

    def make(session: Any, cli: Any, user: Any) -> dict[str, Any]:
        leads = administration.leads_to_seat(user)
        basis = _basis(session, user, SeatChangeKind.PASSWORD_RESET, because) if leads else None
        return {"password": administration.reset_password(session, cli, user, basis=basis)}

    _change(account, make, as_json)


def _basis(session: Any, user: Any, kind: Any, because: str) -> dict[str, Any]:
    """On what the command does to a seat what two offices would do. Raises ``TwoCould``."""
    from auth.seats import service as seats

    return seats.by_operator(session, user, kind, because=because)


def _change(account: str, change: Callable[[Any, Any, Any], Any], as_json: bool) -> None:
    """Change one account and show it, with what ``change`` gives beside."""
    from auth.accounts import repository as accounts
    from server.process.database import operating
    from shuqiao.errors import NotFound
    from shuqiao.i18n import _
    from shuqiao.subject import Subject

    with operating() as session:
        user = accounts.by_account(session, account, lock=True)
        if user is None:
            raise NotFound(_("There is no account %(account)s", account=account))
        more = change(session, Subject.system("cli"), user)
        row = {
            "account": user.account,
            "name": user.name,
            "roles": user.roles,
            "active": user.is_active,
        }
        show([row | more], as_json)


def _create(
    wanted: list[dict[str, Any]], codes: dict[str, str], given: str
) -> list[dict[str, Any]]:
    """All accounts or none; gives what was asked for, with the passwords that were made here."""
    from auth.accounts.schemas import PersonNamed
    from auth.accounts.service import accounts
    from server.process.database import operating
    from shuqiao.subject import Subject

    wanted = [{**entry, **model(PersonNamed, name=entry["name"]).model_dump()} for entry in wanted]
    made = [(entry, given or secrets.token_urlsafe(15)) for entry in wanted]
    with operating() as session:
        for entry, password in made:
            accounts.create_user(
                session,
                Subject.system("cli"),
                account=entry["account"],
                name=entry["name"],
                department_code=codes.get(entry["department"], entry["department"]),
                roles=frozenset(map(_role, entry["roles"])),
                password=password,
            )
    return [entry if given else {**entry, "password": password} for entry, password in made]


def _role(name: str) -> Role:
    if name not in set(Role):
        raise stop(f"no role is called {name}: the roles are {', '.join(Role)}", USAGE)
    return Role(name)


def entries(file: Path, table: str) -> list[dict[str, Any]]:
    """All ``[[table]]`` of a TOML file."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get(table, [])
    except (OSError, ValueError) as error:
        raise stop(f"{file}: {error}", USAGE) from None
    if not found:
        raise stop(f"{file} has no [[{table}]]", USAGE)
    return list(found)
