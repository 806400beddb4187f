"""The documents name everything that exists: a new table, setting or
audit event must first be written down.
"""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.sources import ROOT

DOCS = ROOT / "docs"


def document(name: str) -> str:
    path = DOCS / name
    assert path.is_file(), f"docs/{name} is missing"
    return path.read_text(encoding="utf-8")


def module(name: str) -> ModuleType:
    path = ROOT / Path(*name.split(".")).with_suffix(".py")
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing"
    return importlib.import_module(name)


def test_the_glossary_names_every_table() -> None:
    metadata = module("shuqiao.db").Table.metadata
    module("server.tables")
    glossary = document("glossary.md")
    assert metadata.tables, "server/tables.py brought no table into the metadata"
    names = {table.name for table in metadata.sorted_tables}
    assert sorted(name for name in names if f"`{name}`" not in glossary) == []


def test_the_settings_page_names_every_setting() -> None:
    settings = module("shuqiao.settings").Settings
    page = document("settings.md")
    variables = [f"SHUQIAO_{field.upper()}" for field in settings.model_fields]
    assert [variable for variable in variables if f"`{variable}`" not in page] == []


def test_the_settings_page_names_no_setting_that_does_not_exist() -> None:
    fields = {
        f"SHUQIAO_{field.upper()}" for field in module("shuqiao.settings").Settings.model_fields
    }
    table = [
        line for line in document("settings.md").splitlines() if line.startswith("| `SHUQIAO_")
    ]
    named = {line.split("`")[1] for line in table if not line.startswith("| `SHUQIAO_TEST_")}
    assert sorted(named - fields) == []


def test_every_audit_event_is_documented() -> None:
    events = list(module("audit.events").Event)
    docs = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md")))
    assert [event.value for event in events if f"`{event.value}`" not in docs] == []


@pytest.mark.parametrize(
    "name", ["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".env.example"]
)
def test_the_checkout_has_its_front_page(name: str) -> None:
    assert (ROOT / name).is_file()


def test_the_licence_is_the_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
