"""Whose address counts behind proxies: the words of a header, and the service behind some."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from urllib.parse import urlsplit

import httpx2
import psycopg
import pytest
from fixtures.database import Cluster
from fixtures.reverse_proxy import reverse_proxy
from fixtures.service import Service, running_service
from starlette.types import Message, Receive, Scope, Send

from server.process.proxies import Proxies
from shuqiao.settings import settings

FRONT, INNER, OUTER = "127.0.0.9", "127.0.0.10", "127.0.1.1"
HAMMERER, NEIGHBOUR, STRANGER, FORGER = "127.0.2.1", "127.0.2.2", "127.0.2.3", "127.0.2.4"
TRUSTED = [ip_network(each) for each in ("192.0.2.1/32", "10.0.0.0/8", "fd00::/8")]
WRONG = "not the password at all"

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.5"], "198.51.100.7"),
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5"], "203.0.113.5"),
        ("192.0.2.1", ["1.2.3.4, 203.0.113.5"], "203.0.113.5"),
        ("192.0.2.1", ["1.2.3.4", "203.0.113.5"], "203.0.113.5"),
        ("192.0.2.1", ["1.2.3.4, 203.0.113.5, 10.1.1.1"], "203.0.113.5"),
        ("192.0.2.1", ["1.2.3.4, 203.0.113.5", "10.1.1.1,fd00::7"], "203.0.113.5"),
        ("192.0.2.1", ["10.9.9.9, 10.1.1.1"], "10.9.9.9"),
        ("fd00::1", ["203.0.113.5:4711"], "203.0.113.5"),
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
        ("fd00::1", ["[2001:DB8::5]:4711"], "2001:db8::5"),
        ("fd00::1", ["[2001:db8::5]"], "2001:db8::5"),
        ("::ffff:192.0.2.1", ["::ffff:203.0.113.5"], "203.0.113.5"),
        ("::ffff:198.51.100.7", ["203.0.113.5"], "198.51.100.7"),
        ("192.0.2.1", ["203.0.113.5, unknown"], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5, <b>, 10.1.1.1"], "10.1.1.1"),
        ("192.0.2.1", ["203.0.113.5, "], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.5, [::1, 10.1.1.1"], "10.1.1.1"),
        ("192.0.2.1", ["203.0.113.5, 10.1.1.1:x"], "192.0.2.1"),
        ("192.0.2.1", ["01.2.3.4"], "192.0.2.1"),
        ("testclient", ["203.0.113.5"], "testclient"),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy(
    peer: str, told: list[str], client: str
) -> None:
    assert (seen(peer, [("x-forwarded-for", line) for line in told]))["client"][0] == client


@pytest.mark.parametrize(
    ("peer", "told", "scheme"),
    [
        ("192.0.2.1", "https", "https"),
        ("192.0.2.1", "gopher", "http"),
        ("198.51.100.7", "https", "http"),
    ],
)
def test_the_scheme_is_believed_of_a_trusted_proxy_only(peer: str, told: str, scheme: str) -> None:
    assert (seen(peer, [("x-forwarded-proto", told)]))["scheme"] == scheme


def seen(peer: str, headers: list[tuple[str, str]]) -> Scope:
    """The scope that reaches the application."""
    reached: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope)

    async def nothing(*_message: Message) -> Message:
        return {}

    raw = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": "http", "client": (peer, 4711), "headers": raw, "scheme": "http"}
    asyncio.run(Proxies(application, TRUSTED)(scope, nothing, nothing))  # type: ignore[arg-type]
    return reached[0]


@pytest.fixture(scope="module")
def behind(cluster: Cluster) -> Iterator[Service]:
    """A service that trusts two proxies by address and a network of them."""
    trusted = json.dumps([FRONT, INNER, "127.0.1.0/24"])
    with running_service(cluster, SHUQIAO_TRUSTED_PROXIES=trusted) as running:
        yield running


@pytest.fixture(scope="module")
def front(behind: Service) -> Iterator[int]:
    """The port of a trusted proxy before it."""
    with reverse_proxy(FRONT, port_of(behind), scheme="https") as port:
        yield port


def port_of(service: Service) -> int:
    return int(urlsplit(service.origin).port or 0)


def enter(
    url: str, account: str, password: str, *, source: str, told: str = "", page: bool = False
) -> httpx2.Response:
    """A sign-in from ``source``, one of the machine's own addresses."""
    headers = {"host": "127.0.0.1", "accept": "text/html" if page else "application/json"}
    if told:
        headers["x-forwarded-for"] = told
    sent = {"account": account, "password": password}
    with httpx2.Client(
        transport=httpx2.HTTPTransport(local_address=source), timeout=30.0
    ) as client:
        if page:
            return client.post(f"{url}/sign-in", data=sent, headers=headers)
        return client.post(f"{url}/api/v1/sessions", json=sent, headers=headers)


def hammer(url: str, account: str, times: int, *, source: str, told: str = "") -> list[int]:
    return [enter(url, account, WRONG, source=source, told=told).status_code for _ in range(times)]


def addresses(service: Service, account: str) -> list[str]:
    """Addresses of the account's events, oldest first."""
    url = service.environment["SHUQIAO_DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        query = "SELECT convert_from(canon, 'UTF8') FROM audit_event WHERE stream = %s ORDER BY seq"
        rows = connection.execute(query, [f"auth:{account}"]).fetchall()
    return [json.loads(row[0]).get("ip", "") for row in rows]


@pytest.mark.slow
def test_of_two_behind_one_proxy_one_hammers_and_the_other_signs_in(
    behind: Service, front: int
) -> None:
    url = f"http://{FRONT}:{front}"
    account, password = behind.account("registrar"), behind.password("registrar")
    for number in range(10 * settings().sign_in_failures + 1):
        enter(url, f"guess{number}", WRONG, source=HAMMERER)
    assert set(hammer(url, account, 10, source=HAMMERER)) == {429}

    assert enter(url, account, password, source=NEIGHBOUR).status_code == 201
    assert enter(url, account, password, source=HAMMERER).status_code == 429
    assert (
        enter(url, behind.account("head"), behind.password("head"), source=HAMMERER).status_code
        == 201
    )
    assert addresses(behind, account)[-2:] == [HAMMERER, NEIGHBOUR]


def test_nobody_far_away_locks_a_person_out_of_their_own_desk(behind: Service, front: int) -> None:
    url = f"http://{FRONT}:{front}"
    account, password = behind.account("applicant"), behind.password("applicant")
    assert enter(url, account, password, source=NEIGHBOUR).status_code == 201
    tried = [
        status
        for number in range(4)
        for status in hammer(url, account, 6, source=f"127.0.3.{number + 1}")
    ]
    assert (
        tried.count(401) == 2 * settings().sign_in_failures - 2
    )  # the fifth of two addresses says that it is locked

    for page in (False, True):
        refused = enter(url, account, password, source=STRANGER, page=page)
        assert refused.status_code == 429
        assert 800 < int(refused.headers["retry-after"]) <= 900
    assert enter(url, account, password, source=NEIGHBOUR).status_code == 201


def test_a_client_that_forges_the_header_is_not_believed(behind: Service, front: int) -> None:
    account, password = behind.account("approver"), behind.password("approver")
    for url in (behind.origin, f"http://{FRONT}:{front}"):
        for number in range(2):
            enter(
                url,
                account,
                WRONG,
                source=FORGER,
                told=f"{NEIGHBOUR}, 127.0.1.{number}, 127.0.4.{number}",
            )
    assert hammer(behind.origin, account, 2, source=FORGER, told="127.0.4.9") == [429, 429]
    assert enter(behind.origin, account, password, source=FORGER, told=STRANGER).status_code == 429
    assert enter(behind.origin, account, password, source=STRANGER, told=FORGER).status_code == 201
    assert addresses(behind, account)[-6:] == [FORGER] * 5 + [STRANGER]


def test_through_a_chain_of_two_trusted_proxies(behind: Service) -> None:
    account, password = behind.account("reviewer"), behind.password("reviewer")
    with (
        reverse_proxy(INNER, port_of(behind)) as inner,
        reverse_proxy(OUTER, inner, upstream=INNER, scheme="https") as outer,
    ):
        assert (
            enter(f"http://{OUTER}:{outer}", account, password, source=STRANGER).status_code == 201
        )
    assert addresses(behind, account)[-1] == STRANGER


def test_the_next_of_two_proxies_that_is_not_trusted_is_the_client(behind: Service) -> None:
    account, password = behind.account("reviewer"), behind.password("reviewer")
    with (
        reverse_proxy(INNER, port_of(behind)) as inner,
        reverse_proxy("127.0.5.1", inner, upstream=INNER) as outer,
    ):
        assert (
            enter(f"http://127.0.5.1:{outer}", account, password, source=STRANGER).status_code
            == 201
        )
    assert addresses(behind, account)[-1] == "127.0.5.1"


def test_at_most_five_of_twenty_tries_at_once_are_looked_at(behind: Service, front: int) -> None:
    url, account = f"http://{FRONT}:{front}", behind.account("data_admin")
    with ThreadPoolExecutor(20) as pool:
        statuses = list(
            pool.map(lambda _n: enter(url, account, WRONG, source=STRANGER).status_code, range(20))
        )
    assert statuses.count(401) < settings().sign_in_failures
    assert set(statuses) <= {401, 429}
    assert (
        len(addresses(behind, account)) - 1 == settings().sign_in_failures
    )  # all but the account's creation
