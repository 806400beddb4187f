"""The way to the service: one HTTP client, typed errors, repeats that
have one effect, and a token that stays at home.

The token goes to the endpoint's origin and to origins the endpoint itself named as ``data_url``;
never along a redirect, never over plain http to another machine.
"""

import ipaddress
import random
import ssl
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import httpx2

from shuqiao_client.errors import (
    Conflict,
    ShuqiaoError,
    TooManyRequests,
    Unavailable,
    UnsafeAddress,
    from_problem,
)
from shuqiao_client.profile import Profile
from shuqiao_client.words import language, say

API: Final = "/api/v1"
STREAM: Final = "application/vnd.apache.arrow.stream"
ATTEMPTS: Final = 4
#: Most seconds one repeat waits; a service that asks for more is reported at once.
LONGEST_WAIT: Final = 10.0
_TIMEOUT: Final = httpx2.Timeout(60.0, connect=10.0)
#: A large file is received and looked into before there is an answer.
_SLOW: Final = httpx2.Timeout(600.0, connect=10.0)
_UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout)
_BROKEN: Final = (httpx2.NetworkError, httpx2.TimeoutException, httpx2.RemoteProtocolError)

Query = Mapping[str, Any]
Origin = tuple[str, str, int]


class _Token(httpx2.Auth):
    """Adds the token at the last moment, and only to requests for an origin that may have it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.trusted: set[Origin] = set()

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        if _origin(request.url) not in self.trusted:
            raise UnsafeAddress(say("http.unannounced", host=request.url.host))
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


class Connection:
    """Requests to one service in the name of one profile.

    Raises the errors of :mod:`shuqiao_client.errors`.
    """

    def __init__(self, profile: Profile, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._endpoint = httpx2.URL(profile.endpoint)
        _refuse_plain(self._endpoint)
        self._auth = _Token(profile.token)
        self._auth.trusted.add(_origin(self._endpoint))
        self.sleep = sleep
        # A proxy from the environment is for other machines: what goes to this one stays on it. An
        # authority from the environment (SSL_CERT_FILE) holds for all.
        is_here = _is_loopback(self._endpoint.host)
        is_own_tls = is_here and self._endpoint.scheme == "https"
        self._http = httpx2.Client(
            auth=self._auth,
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=not is_here,
            verify=ssl.create_default_context() if is_own_tls else True,
            headers={"user-agent": "shuqiao-client/0.1"},
        )

    def __repr__(self) -> str:
        return f"Connection({str(self._endpoint)!r})"

    def close(self) -> None:
        """Give back every socket."""
        self._http.close()

    def get(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """GET ``/api/v1`` + ``path``."""
        return self._json(self._repeated("GET", self._api(path, query), again=_BROKEN))

    def post(self, path: str, body: Any = None, *, version: int | None = None) -> dict[str, Any]:
        """POST once, whatever the network does: every repeat carries the same Idempotency-Key.

        ``version``: the version of the object that was seen; the service refuses when it has
        changed.
        """
        headers = {**_once(), **_seen(version)}
        return self._json(
            self._repeated("POST", self._api(path), again=_BROKEN, headers=headers, json=body)
        )

    def upload(
        self,
        path: str,
        file: Path,
        query: Query | None = None,
        *,
        version: int | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """POST a file once, read while it is sent, and ``texts``, the form's other fields."""
        with file.open("rb") as opened:
            answer = self._repeated(
                "POST",
                self._api(path, query),
                again=_BROKEN,
                headers={**_once(), **_seen(version)},
                data=dict(texts or {}),
                files={"file": (file.name, opened)},
                timeout=_SLOW,
            )
        return self._json(answer)

    def put(self, path: str, body: Any, *, version: int) -> dict[str, Any]:
        """PUT over the ``version`` that was seen.

        Repeated only when it never arrived: after a lost answer the version would be another one.
        """
        return self._json(
            self._repeated("PUT", self._api(path), again=_UNSENT, headers=_seen(version), json=body)
        )

    def delete(self, path: str, *, version: int) -> dict[str, Any]:
        """DELETE the ``version`` that was seen; repeated only when it never arrived."""
        return self._json(
            self._repeated("DELETE", self._api(path), again=_UNSENT, headers=_seen(version))
        )

    def announced(self, address: str) -> httpx2.URL:
        """Take in an absolute address that the service named in an answer.

        Raises :class:`UnsafeAddress`.
        """
        url = httpx2.URL(address)
        if self._endpoint.scheme == "https" and url.scheme != "https":
            raise UnsafeAddress(say("http.plain", host=url.host))
        _refuse_plain(url)
        self._auth.trusted.add(_origin(url))
        return url

    def stream(self, url: httpx2.URL, query: Query | None = None) -> httpx2.Response:
        """Open a data stream; its body is still to be read, and the caller closes it."""
        headers = {"accept": STREAM, "accept-encoding": "identity"}
        return self._repeated(
            "GET", url.copy_merge_params(_pairs(query)), again=_UNSENT, headers=headers, stream=True
        )

    def _api(self, path: str, query: Query | None = None) -> httpx2.URL:
        url = self._endpoint.copy_with(path=self._endpoint.path.rstrip("/") + API + path)
        return url.copy_merge_params(_pairs(query)) if query else url

    def _repeated(
        self,
        method: str,
        url: httpx2.URL,
        *,
        again: tuple[type[Exception], ...],
        stream: bool = False,
        **content: Any,
    ) -> httpx2.Response:
        """Send until there is an answer: repeats what never arrived, a 429, a 503 and a key still
        running; a few times, as late as the service asks.
        """
        languages = {
            "accept-language": "zh-CN" if language() == "zh" else "en",
            "accept": "application/json",
        }
        headers = {**languages, **content.pop("headers", {})}
        for attempt in range(1, ATTEMPTS + 1):
            request = self._http.build_request(method, url, headers=headers, **content)
            try:
                return self._answered(self._http.send(request, stream=stream))
            except (Unavailable, TooManyRequests, Conflict) as error:
                wait = _wait(attempt, error)
                if wait is None or attempt == ATTEMPTS:
                    raise
            except httpx2.HTTPError as error:
                wait = _wait(attempt, None)
                if attempt == ATTEMPTS or not isinstance(error, again):
                    text = say(
                        "http.unreachable", host=url.host, reason=str(error) or type(error).__name__
                    )
                    raise Unavailable(text, code="unreachable") from None
            self.sleep(wait or 0.0)
        raise AssertionError("unreachable")

    def _answered(self, response: httpx2.Response) -> httpx2.Response:
        if response.is_success:
            return response
        try:
            response.read()
        finally:
            response.close()
        raise _error(response)

    def _json(self, response: httpx2.Response) -> dict[str, Any]:
        try:
            found = response.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise _not_ours(response)
        return found


def _error(response: httpx2.Response) -> ShuqiaoError:
    if response.is_redirect:
        return UnsafeAddress(
            say("http.redirect", host=response.url.host), status=response.status_code
        )
    try:
        problem = response.json()
    except ValueError:
        problem = None
    wait = _seconds(response.headers.get("retry-after"))
    if isinstance(problem, dict) and "code" in problem:
        return from_problem(response.status_code, problem, wait)
    if response.status_code in (502, 503, 504):  # a proxy on the way, not the service itself
        return from_problem(
            response.status_code, {"title": say("http.status", status=response.status_code)}, wait
        )
    return _not_ours(response)


def _not_ours(response: httpx2.Response) -> ShuqiaoError:
    text = say("http.not_ours", host=response.url.host, status=response.status_code)
    return ShuqiaoError(text, status=response.status_code, code="not_shuqiao")


def _wait(attempt: int, error: ShuqiaoError | None) -> float | None:
    """Seconds until the next attempt; None when a repeat cannot help, or not soon."""
    if isinstance(error, Conflict) and error.code != "idempotency_key_running":
        return None
    asked = error.retry_after if error is not None else None
    if asked is not None:
        return asked if asked <= LONGEST_WAIT else None
    return 0.25 * (1 << attempt) * random.uniform(0.5, 1.0)


def _seconds(header: str | None) -> float | None:
    """Of ``Retry-After``: seconds, or until the moment that a proxy may give instead (RFC 9110)."""
    if not header or not header.isascii():
        return None
    if header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (zoned - datetime.now(UTC)).total_seconds())


def _once() -> dict[str, str]:
    return {"idempotency-key": str(uuid.uuid4())}


def _seen(version: int | None) -> dict[str, str]:
    return {} if version is None else {"if-match": f'"v{version}"'}


def _pairs(query: Query | None) -> dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def _origin(url: httpx2.URL) -> Origin:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _refuse_plain(url: httpx2.URL) -> None:
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise UnsafeAddress(say("http.unannounced", host=url.host or str(url)))
    if url.scheme == "http" and not _is_loopback(url.host):
        raise UnsafeAddress(say("http.plain", host=url.host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
