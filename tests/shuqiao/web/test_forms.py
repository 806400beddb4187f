import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fixtures import callers
from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shuqiao.errors import Conflict, FieldError, Invalid, ShuqiaoError
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.texts import CodeText, Count, LongText, Name, Strict
from shuqiao.web import bodies
from shuqiao.web.forms import Form, FormDep, FormInvalid, anchor
from shuqiao.web.slots import Slot


class Item(Strict):
    id: int
    masks: list[str] = Field(default_factory=list)


class Body(Strict):
    name: Name
    code: CodeText | None = None
    rows: Count | None = None
    until: date | None = None
    yes: bool = False
    picked: Annotated[list[int], Field(max_length=3, default_factory=list)]
    items: list[Item] = Field(default_factory=list)
    remark: LongText | None = None

    @field_validator("until")
    @classmethod
    def _not_past(cls, value: date | None) -> date | None:
        if value and value.year < 2000:
            raise ValueError(_("Calendar not loaded"), _("Send a text."))
        return value


def form(**values: str | list[str]) -> Form:
    named = {name.replace("__", "."): value for name, value in values.items()}
    return Form.of(named)


def test_texts_become_the_models_types() -> None:
    body = form(
        name="中小学校名录 ",
        code=" ３０７００１ / 000001",
        rows="１２",
        until=" 2027-02-10 ",
        yes="true",
        picked=["1", "2"],
        items__1__id="7",
        items__0__id="5",
        items__0__masks=["prefix"],
        csrf_token="x",
        once_key="y",
        version="3",
        remark="",
    ).parse(Body)
    assert body.model_dump() == {
        "name": "中小学校名录",
        "code": "307001/000001",
        "rows": 12,
        "until": date(2027, 2, 10),
        "yes": True,
        "picked": [1, 2],
        "items": [{"id": 5, "masks": ["prefix"]}, {"id": 7, "masks": []}],
        "remark": None,
    }


def test_errors_name_fields_and_typed_values_stay() -> None:
    with pytest.raises(FormInvalid) as refused:
        form(name="　", rows="许多", items__0__id="x", until="1999-01-01", nobody="1").parse(Body)
    shown = refused.value.form
    assert {error.name for error in shown.errors} == {
        "name",
        "rows",
        "items.0.id",
        "until",
        "nobody",
    }
    assert shown.text("rows") == "许多"
    assert shown.text("nobody") == "1"
    assert str(shown.error("until")) == "日历未加载。请填写文本。"
    assert (
        [error.anchor for error in shown.errors if error.name == "items.0.id"]
        == ["f-items-0-id"]
        == [anchor("items.0.id")]
    )


def test_refusals_of_a_service_come_back_to_the_field_or_the_form() -> None:
    field = Invalid(errors=[FieldError("/items/0/id", "x", _("Too small"), _("Fill it in."))])
    assert form().refused(field).errors[0].name == "items.0.id"
    whole = form().refused(Conflict(_("Clock stopped")))
    assert (whole.errors[0].name, str(whole.errors[0].text)) == ("", "已中止计时")


@pytest.mark.parametrize(
    "values",
    [
        {"items": "1", "items.0": "2"},
        {"items.0.id": "1", "items.0": "2"},
        {"items.x.id": "1"},
        {"items.-1.id": "1"},
    ],
)
def test_contradicting_names_are_malformed(values: dict[str, Any]) -> None:
    with pytest.raises(ShuqiaoError) as refused:
        Form.of(values).parse(Body)
    assert refused.value.status == 400


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    monkeypatch.setenv("SHUQIAO_HOME", str(tmp_path))
    monkeypatch.setattr(bodies, "UPLOADS", Slot(re.compile(r"/files$")))
    settings.cache_clear()
    app = FastAPI()

    @app.post("/form")
    @app.post("/files")
    def take(form: FormDep) -> dict[str, Any]:
        return {
            "values": dict(form.values),
            "files": {name: file.path.read_text() for name, file in form.files.items()},
        }

    @app.exception_handler(ShuqiaoError)
    def refused(request: Request, error: ShuqiaoError) -> Response:
        return JSONResponse(error.code, error.status)

    yield callers.sharing(TestClient(app))
    settings.cache_clear()


def test_both_kinds_of_form_are_read(client: TestClient) -> None:
    assert client.post("/form", data={"a": ["1", "2"], "名": "值"}).json()["values"] == {
        "a": ["1", "2"],
        "名": ["值"],
    }
    files = {"paper": ("p.csv", b"y"), "file": ("名.csv", b"x")}
    for path, kept in (("/files", {"file": "x"}), ("/form", {})):
        sent = client.post(path, data={"a": "1"}, files=files).json()
        assert sent == {"values": {"a": ["1"]}, "files": kept}
    assert client.post("/files", files={"file": ("", b"")}).json()["files"] == {}
    assert list((settings().home / "uploads").iterdir()) == [], "nobody kept it"  # type: ignore[operator]


def test_other_bodies_are_refused(client: TestClient) -> None:
    assert client.post("/form", json={"a": 1}).status_code == 415
    media = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/form", content="a=" + "%D6%D0", headers=media).status_code == 400
