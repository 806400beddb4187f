"""Style sheets and scripts as they travel."""

from starlette.testclient import TestClient

from shuqiao.web.static import FOLDER, StaticApp, static


def test_a_style_sheet_travels_without_its_comments_and_is_kept() -> None:
    client = TestClient(StaticApp())
    answer = client.get("/shuqiao.css", params={"v": "1"})
    written = (FOLDER / "shuqiao.css").read_text(encoding="utf-8")
    assert "/*" in written and "/*" not in answer.text
    assert answer.text.count("{") == written.count("{")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = client.get("/shuqiao.css", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.text, again.headers["cache-control"]) == (304, "", "no-cache")
    assert client.head("/shuqiao.css").headers["content-length"] == str(len(answer.content))


def test_what_names_a_licence_travels_with_it() -> None:
    assert "/*!" in TestClient(StaticApp()).get("/vendor/bootstrap.min.css").text
    assert static("shuqiao.js").startswith("/static/shuqiao.js?v=")
