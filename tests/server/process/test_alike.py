"""What may not be known takes the same time as what is not there, on a running service."""

import time
from statistics import median

import pytest
from fixtures.service import Service

from catalog.resources.schemas import ResourceCreate
from server.reference import samples

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PAIRS = 500
CLOSE_SECONDS = 0.002


@pytest.fixture(scope="module")
def hidden(service: Service) -> dict[str, tuple[str, str]]:
    """Kind → the address of one that the applicant may not know of, and of one that is not there.

    A draft of another department, and an account, each as program and page.
    """
    for part in ("registrar", "applicant"):
        service.people[part].sign_in()
    body = samples.of_body(ResourceCreate)
    code = service.people["registrar"].post("/api/v1/resources", body)["code"].replace("/", "-")
    account, nothing = service.account("registrar"), "307001-999999"
    return {
        "draft": (f"/api/v1/resources/{code}", f"/api/v1/resources/{nothing}"),
        "account": (f"/api/v1/users/{account}", "/api/v1/users/nobody.here"),
        "page of a draft": (f"/catalog/{code}", f"/catalog/{nothing}"),
    }


@pytest.mark.parametrize("kind", ["draft", "account", "page of a draft"])
def test_medians_of_interleaved_pairs_are_close(
    service: Service, hidden: dict[str, tuple[str, str]], kind: str
) -> None:
    http = service.people["applicant"].http
    headers = {"accept": "text/html" if "page" in kind else "application/json"}
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(PAIRS + 10):
        order = (0, 1) if number % 2 else (1, 0)
        for place in order:
            begun = time.perf_counter()
            status = http.get(hidden[kind][place], headers=headers).status_code
            if number >= 10:
                taken[place].append(time.perf_counter() - begun)
            assert status == 404
    there, not_there = (median(each) for each in taken)
    print(f"{kind}: {there * 1_000:.2f} ms hidden, {not_there * 1_000:.2f} ms absent")
    assert abs(there - not_there) < CLOSE_SECONDS, (there, not_there)
