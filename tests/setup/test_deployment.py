"""The files to deploy with: what they promise is in them, what they
name exists, and no secret is written down.

A Docker engine is not needed: the rules of the compose specification that matter here are checked
by hand. Where ``docker compose`` exists, it judges the file too.
"""

import configparser
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from server.cli.main import app
from shuqiao.settings import Settings
from tests.setup.image import ROOT, instructions, of

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
COMPOSE = ROOT / "docker-compose.yml"
#: Keys of a service that we use, of those the compose specification knows.
SERVICE_KEYS = {
    "image",
    "build",
    "init",
    "read_only",
    "cap_drop",
    "security_opt",
    "networks",
    "environment",
    "volumes",
    "tmpfs",
    "restart",
    "stop_grace_period",
    "logging",
    "secrets",
    "healthcheck",
    "shm_size",
    "command",
    "depends_on",
    "ports",
}
SETTINGS = {f"SHUQIAO_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))


def commands() -> dict[str, Any]:
    """The operators' commands by name."""
    return dict(get_command(app).commands)  # type: ignore[attr-defined]


def check_command(words: list[str]) -> None:
    """Raises when the program would refuse these words before doing anything."""
    name, *rest = words
    assert name in commands(), words
    command = commands()[name]
    command.make_context(name, list(rest), resilient_parsing=False).close()
    if name in ("serve", "health") and rest:
        assert rest[0] in ("control", "data", "worker")


# --- Dockerfile -----------------------------------------------------------------------------------


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert of("USER")[-1] == "10001:10001"
    last_stage = [name for name, _ in instructions()][
        [name for name, _ in instructions()].index("USER") :
    ]
    assert "RUN" not in last_stage


def test_the_image_is_debian_and_pinned_to_a_python_we_support() -> None:
    assert instructions()[0] == ("ARG", "BASE=python:3.13-slim-bookworm")
    assert [argument.split()[0] for argument in of("FROM")] == ["${BASE}", "${BASE}"]


def test_the_image_holds_no_database_server() -> None:
    """The core lock alone: the extra ``embedded`` is for small sites without containers."""
    assert "requirements-embedded.lock" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "!requirements-embedded.lock" not in (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_nothing_is_fetched_unchecked() -> None:
    assert of("ADD") == []
    runs = " ".join(of("RUN"))
    assert not re.search(r"https?://|curl |wget |apt-get", runs)
    installs = re.findall(r"pip (?:install|sync)[^&]*", runs)
    builds = re.findall(r"uv build[^&]*", runs)
    assert installs and builds
    for install in installs:
        is_ours = "--no-deps" in install and "/opt/wheels/" in install
        assert is_ours or ("--require-hashes" in install and "--only-binary :all:" in install), (
            install
        )
    for build in builds:
        assert "--no-build-isolation" in build, build


def test_the_image_says_how_it_is_and_starts_without_a_shell() -> None:
    assert of("HEALTHCHECK") == [], "which role to ask is said where the role is chosen"
    assert of("ENTRYPOINT") == ['["shuqiao"]']
    assert of("CMD")[-1] == '["serve"]'
    check_command(["serve"])


def test_no_secret_is_in_the_image() -> None:
    told = " ".join([*of("ENV"), *of("ARG")])
    assert not re.search(r"PASSWORD|TOKEN|DATABASE_URL|SECRET", told)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored, "everything is left out but what is named"
    named = [line[1:] for line in ignored if line.startswith("!")]
    assert "shuqiao" in named
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert not {"!.git", "!deploy", "!tests", "!.env"} & set(ignored)


def test_every_setting_of_the_image_exists() -> None:
    named = set(re.findall(r"SHUQIAO_[A-Z_]+", " ".join(of("ENV"))))
    assert named and named <= SETTINGS


# --- compose --------------------------------------------------------------------------------------


def test_the_services_are_the_roles_and_what_goes_before(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"db", "migrate", "control", "data", "worker"}
    assert set(compose) == {"name", "x-role", "services", "networks", "volumes", "secrets"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service["volumes"]:
            assert volume.partition(":")[0] in compose["volumes"]
    assert compose["services"]["db"]["image"] == "postgres:18"


def test_each_command_is_one_of_the_program(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name == "db":
            continue
        check_command(service["command"])
        if name in ("control", "data"):
            assert service["healthcheck"]["test"] == ["CMD", "shuqiao", "health", name]
            check_command(service["healthcheck"]["test"][2:])
    assert compose["services"]["migrate"]["command"] == ["migrate", "--bootstrap"]


def test_nothing_serves_before_the_database_is_ready(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["db"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for role in ("control", "data", "worker"):
        asked = services[role]["depends_on"]
        assert asked["db"] == {"condition": "service_healthy"}
        assert asked["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["restart"] == "no"


def test_the_roles_may_next_to_nothing(compose: dict[str, Any]) -> None:
    for role in ("migrate", "control", "data", "worker"):
        service = compose["services"][role]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
    assert compose["networks"]["inside"] == {"internal": True}
    assert compose["services"]["db"]["networks"] == ["inside"]
    for role, port in (("control", 8700), ("data", 8701)):
        assert compose["services"][role]["ports"] == [f"127.0.0.1:{port}:{port}"], (
            "only a proxy of this machine"
        )


def test_secrets_are_files_and_each_service_has_only_its_own(compose: dict[str, Any]) -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    assert not re.search(
        r"(?i)password:\s*\S*[a-z0-9]{4}(?!.*file)", text.replace("POSTGRES_PASSWORD_FILE", "")
    )
    assert "://" not in text.replace("${", "")
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"deploy/compose/secrets/{name}"}
        assert name == "postgres_password" or name.upper() in SETTINGS
    owned = {name: set(service.get("secrets", ())) for name, service in compose["services"].items()}
    assert owned["control"] == owned["data"] == owned["worker"] == {"shuqiao_database_url"}
    assert "/deploy/compose/secrets" not in (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert (
        "deploy/compose/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    )


def test_every_setting_of_the_compose_file_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        named = {name for name in service["environment"] if name.startswith("SHUQIAO_")}
        assert named <= SETTINGS
    wanted = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text(encoding="utf-8")))
    example = (ROOT / "deploy" / "compose" / "env.example").read_text(encoding="utf-8")
    assert wanted == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_secrets_are_made_once_and_differ(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets.sh"
    shutil.copyfile(ROOT / "deploy" / "compose" / "make-secrets.sh", script)
    subprocess.run(["sh", script], check=True, capture_output=True)
    folder = tmp_path / "secrets"
    made = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o444 for file in folder.iterdir())
    passwords = {re.search(r"[0-9a-f]{48}", text)[0] for text in made.values()}  # type: ignore[index]
    assert len(passwords) == 3, "the administrator's password stands in two files"
    subprocess.run(["sh", script], check=True, capture_output=True)
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == made


def test_docker_compose_accepts_the_file() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not on this machine")
    environment = {
        **os.environ,
        "SHUQIAO_PUBLIC_URL": "https://a.example",
        "SHUQIAO_DATA_URL": "https://b.example",
    }
    done = subprocess.run(
        [docker, "compose", "-f", COMPOSE, "config", "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


# --- systemd --------------------------------------------------------------------------------------

HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "User": "shuqiao",
}


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_hardened_and_start_our_commands(path: Path) -> None:
    service = dict(unit(path)["Service"])
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    program, *words = service["ExecStart"].split()
    assert program == "/opt/shuqiao/bin/shuqiao"
    check_command(words)
    text = path.read_text(encoding="utf-8")
    knows_owner = path.stem in ("shuqiao-migrate", "shuqiao-backup")
    assert ("shuqiao_owner_database_url" in text) == knows_owner
    for name in re.findall(r"LoadCredential=(\w+):", text):
        assert name.upper() in SETTINGS or name == "backup_passphrase"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is not on this machine")
    for path in (ROOT / "deploy" / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/shuqiao/bin/shuqiao", "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    files = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run([analyze, "verify", *files], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "shuqiao" in line]
    assert said == []
