import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from shuqiao_client import Profile, errors, words
from shuqiao_client.http import ATTEMPTS, Connection
from tests.sdk.conftest import ME, TOKEN
from tests.sdk.stand_in import Answer, StandIn, answer, problem


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def connection(service: StandIn, waits: list[float]) -> Iterator[Connection]:
    opened = Connection(Profile(service.origin, TOKEN), sleep=waits.append)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "malformed", errors.Invalid),
        (401, "not_signed_in", errors.NotSignedIn),
        (403, "not_allowed", errors.NotAllowed),
        (403, "grant_not_live", errors.GrantNotLive),
        (403, "column_not_granted", errors.ColumnNotGranted),
        (503, "snapshot_damaged", errors.DataDamaged),
        (404, "not_found", errors.NotFound),
        (409, "wrong_state", errors.Conflict),
        (412, "request_changed", errors.Changed),
        (422, "invalid", errors.Invalid),
        (429, "too_many_requests", errors.TooManyRequests),
        (507, "storage_full", errors.StorageFull),
        (500, "internal", errors.ShuqiaoError),
    ],
)
def test_every_problem_becomes_its_error(
    service: StandIn,
    connection: Connection,
    status: int,
    code: str,
    kind: type[errors.ShuqiaoError],
) -> None:
    service.on("GET", "/me", problem(status, code, detail="为什么"))
    with pytest.raises(errors.ShuqiaoError) as raised:
        connection.get("/me")
    error = raised.value
    assert type(error) is kind
    assert (error.status, error.code, error.detail, error.request_id) == (
        status,
        code,
        "为什么",
        "r-1",
    )
    assert str(error) == "为什么"


def test_field_errors_arrive_with_pointer_and_fix(service: StandIn, connection: Connection) -> None:
    field = {
        "pointer": "#/until",
        "code": "date_parsing",
        "detail": "不是日期",
        "fix": "写成 2026-02-11",
    }
    service.on("POST", "/requests", problem(422, "invalid", errors=[field]))
    with pytest.raises(errors.Invalid) as raised:
        connection.post("/requests", {})
    assert raised.value.errors == (errors.FieldError(**field),)
    assert raised.value.to_problem()["errors"] == [field]


def test_a_503_is_waited_for_as_long_as_it_says(
    service: StandIn, connection: Connection, waits: list[float]
) -> None:
    service.on("GET", "/me", problem(503, "unavailable"), problem(503, "unavailable"), answer(ME))
    assert connection.get("/me") == ME
    assert waits == [1.0, 1.0]


def test_a_429_is_waited_for_as_long_as_it_says(
    service: StandIn, connection: Connection, waits: list[float]
) -> None:
    later = Answer(429, [b'{"code": "limit_reached"}'], {"retry-after": "3"})
    service.on("GET", "/me", later, answer(ME))
    assert connection.get("/me") == ME
    assert waits == [3.0]


def test_a_moment_to_come_back_at_is_waited_for(
    service: StandIn, connection: Connection, waits: list[float]
) -> None:
    """As a proxy on the way may say it instead of seconds (RFC 9110, 10.2.3)."""
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    for told in (moment, "soon", "Mon, 99 Foo 2026 00:00:00 GMT"):
        later = Answer(503, [b'{"code": "unavailable"}'], {"retry-after": told})
        service.on("GET", "/me", later, answer(ME))
        assert connection.get("/me") == ME
    assert 5 < waits[0] <= 8
    assert all(0 < wait < 1 for wait in waits[1:])


def test_a_503_that_stays_is_reported_after_a_few_attempts(
    service: StandIn, connection: Connection
) -> None:
    service.on("GET", "/me", problem(503, "audit_unavailable"))
    with pytest.raises(errors.Unavailable) as raised:
        connection.get("/me")
    assert raised.value.code == "audit_unavailable"
    assert len(service.requests("/me")) == ATTEMPTS


def test_a_service_that_asks_for_a_long_pause_is_reported_at_once(
    service: StandIn, connection: Connection, waits: list[float]
) -> None:
    later = Answer(503, [b'{"code": "unavailable"}'], {"retry-after": "3600"})
    service.on("GET", "/me", later)
    with pytest.raises(errors.Unavailable) as raised:
        connection.get("/me")
    assert (raised.value.retry_after, waits) == (3600.0, [])


def test_every_repeat_of_a_post_has_the_same_key_and_another_post_another(
    service: StandIn, connection: Connection
) -> None:
    lost = Answer(
        201,
        [b'{"request_no"'],
        {"content-type": "application/json", "content-length": "999"},
        is_cut=True,
    )
    service.on(
        "POST", "/requests", problem(503, "unavailable"), lost, answer({"request_no": "R"}, 201)
    )
    assert connection.post("/requests", {"basis": "法"}) == {"request_no": "R"}
    connection.post("/requests", {"basis": "法"})
    keys = [seen.headers["idempotency-key"] for seen in service.requests("/requests")]
    assert len(keys) == 4
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert {seen.body for seen in service.requests("/requests")} == {'{"basis":"法"}'.encode()}


def test_a_key_still_running_is_waited_for_and_other_conflicts_are_not(
    service: StandIn, connection: Connection
) -> None:
    service.on("POST", "/a", problem(409, "idempotency_key_running"), answer({"done": True}))
    assert connection.post("/a") == {"done": True}
    service.on("POST", "/b", problem(409, "wrong_state"))
    with pytest.raises(errors.Conflict):
        connection.post("/b")
    assert len(service.requests("/b")) == 1


def test_the_version_that_was_seen_travels_as_if_match(
    service: StandIn, connection: Connection
) -> None:
    service.on("POST", "/a", answer({}))
    connection.post("/a", version=7)
    connection.post("/a")
    first, second = service.requests("/a")
    assert first.headers["if-match"] == '"v7"'
    assert "if-match" not in second.headers


def test_a_service_that_is_not_there_is_unavailable(waits: list[float], unused: str) -> None:
    connection = Connection(Profile(unused, TOKEN), sleep=waits.append)
    with pytest.raises(errors.Unavailable) as raised:
        connection.get("/me")
    assert raised.value.code == "unreachable"
    assert len(waits) == ATTEMPTS - 1
    connection.close()


@pytest.fixture
def unused() -> Iterator[str]:
    """An address of this machine on which nothing listens: bound, never listened on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(
    service: StandIn, elsewhere: StandIn, connection: Connection, status: int
) -> None:
    service.on("GET", "/me", Answer(status, [], {"location": f"{elsewhere.origin}/api/v1/me"}))
    with pytest.raises(errors.UnsafeAddress):
        connection.get("/me")
    assert elsewhere.seen == []


def test_a_stream_is_only_asked_of_an_address_that_the_service_named(
    elsewhere: StandIn, connection: Connection
) -> None:
    address = f"{elsewhere.origin}/api/v1/grants/GR-1/data"
    with pytest.raises(errors.UnsafeAddress):
        connection.stream(httpx2.URL(address))
    assert elsewhere.seen == []
    elsewhere.on("GET", "/grants/GR-1/data", Answer(200, [b"x"]))
    connection.stream(connection.announced(address)).close()
    assert elsewhere.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "address",
    [
        "http://data.example/x",
        "http://10.0.0.1/x",
        "ftp://127.0.0.1/x",
        "http://u@127.0.0.1/x",
        "/x",
    ],
)
def test_a_data_address_that_would_show_the_token_is_refused(
    connection: Connection, address: str
) -> None:
    with pytest.raises(errors.UnsafeAddress):
        connection.announced(address)


def test_the_token_never_leaves_the_machine_unencrypted() -> None:
    with pytest.raises(errors.UnsafeAddress):
        Connection(Profile("http://shuqiao.example", TOKEN))


def test_an_encrypted_service_cannot_name_an_unencrypted_address() -> None:
    connection = Connection(Profile("https://shuqiao.example", TOKEN))
    with pytest.raises(errors.UnsafeAddress):
        connection.announced("http://127.0.0.1:8701/api/v1/grants/GR-1/data")
    assert (
        connection.announced("https://data.example/api/v1/grants/GR-1/data").host == "data.example"
    )
    connection.close()


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (200, b"[]"), (404, b"<html>"), (500, b"")]
)
def test_an_answer_that_is_not_of_the_api_says_so(
    service: StandIn, connection: Connection, status: int, body: bytes
) -> None:
    service.on("GET", "/me", Answer(status, [body], {"content-type": "text/html"}))
    with pytest.raises(errors.ShuqiaoError) as raised:
        connection.get("/me")
    assert raised.value.code == "not_shuqiao"


def test_the_service_is_asked_in_the_language_in_use(
    service: StandIn, connection: Connection
) -> None:
    service.on("GET", "/me", answer(ME))
    connection.get("/me")
    words.set_language("en")
    connection.get("/me")
    assert [seen.headers["accept-language"] for seen in service.seen] == ["zh-CN", "en"]


def test_one_client_serves_several_threads(service: StandIn, connection: Connection) -> None:
    service.on("GET", "/me", answer(ME))
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(connection.get("/me"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [ME] * 8
