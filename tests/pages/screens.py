"""``make screens``: a picture of every page with the demo's data, in
both languages and at both widths, on one sheet.

Plays the demo's story against a service of its own and stops at each state of ``every_page.LOOKS``
to take pictures. Writes ``build/screens/*.png`` and ``index.html``.
"""

import html
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT / "tests")]

from fixtures import store  # noqa: E402
from fixtures.browser import chromium  # noqa: E402
from fixtures.database import Cluster  # noqa: E402
from fixtures.service import Service, hired, running_service  # noqa: E402
from pages.every_page import LOOKS, Look  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from catalog.sources.schemas import ClaimCreate  # noqa: E402
from catalog.systems.schemas import SystemCreate  # noqa: E402
from server.demo.actors import Actor, Ledger  # noqa: E402
from server.reference.samples import of_body  # noqa: E402

TARGET: Final = CHECKOUT / "build" / "screens"
#: Name → language and width.
WAYS: Final[Mapping[str, tuple[str, int]]] = {
    "zh-1366": ("zh_CN", 1366),
    "zh-390": ("zh_CN", 390),
    "en-1366": ("en", 1366),
    "en-320": ("en", 320),
}
#: State → steps of the story that lead to it from the state before.
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": (),
    "imported_domain": ("import_domains",),
    "organised": (),
    "registered_system": ("register_system",),
    "open_census": ("open_census",),
    "draft_resource": ("adopt_elements", "register"),
    "claimed_source": ("claim_source",),
    "named_source": ("name_source",),
    "countersigned_source": (),
    "attached_resource": ("attach",),
    "stored_resource": (),
    "submitted_resource": ("submit",),
    "consented_resource": ("consent_to_entry",),
    "published_resource": ("publish",),
    "draft_request": ("draft",),
    "asked_request": ("apply",),
    "submitted_request": ("consent_to_request",),
    "prepared_request": ("reply",),
    "active_grant": ("release",),
    "finished_delivery": ("fetch",),
    "changing_resource": ("change",),
    "reviewed_change": ("submit_change",),
    "changed_entry": ("publish_change",),
    "renewed_data": ("renew",),
    "asked_extension": ("ask_extension",),
    "taken_down": ("take_down",),
}
ADMINISTRATORS: Final = {"system_admin": "系统管理员", "security_admin": "安全管理员"}


class Tour:
    """The story, stopped wherever pictures are to be taken."""

    def __init__(self, service: Service) -> None:
        self.service, self.story = service, service.story
        self.people: dict[str, Actor] = dict(service.people)
        for role, name in ADMINISTRATORS.items():
            password = hired(
                service, role, name=name, department=self.story.codes["data_bureau"], role=role
            )
            self.people[role] = Actor(role, password, name, service.origin, Ledger())
        for actor in self.people.values():
            actor.sign_in()
        self.draft_no = self.change_no = self.claim_no = ""

    def go_to(self, state: str) -> None:
        own = {
            "draft": self._draft,
            "ask_extension": self._ask_extension,
            "register_system": self._register_system,
            "open_census": self._open_census,
            "take_down": self._take_down,
            "claim_source": self._claim_source,
            "name_source": self._name_source,
        }
        for step in STEPS[state]:
            (own.get(step) or getattr(self.story, step))()

    def path(self, state: str, look: Look) -> str:
        facts = self.story.facts
        return look.path.format(
            resource=facts.resource_code,
            request=self.draft_no if state == "draft_request" else facts.request_no,
            grant=facts.grant_no,
            system=self._latest(look, "{system}", "data_admin", "/api/v1/systems", "system_no"),
            change=self.change_no,
            claim=self.claim_no,
            applicant=self.people["applicant"].account,
            department=self.story.codes["education"],
            duty="DU-2026-000002",
            delivery=self._latest(
                look, "{delivery}", "applicant", "/api/v1/deliveries", "delivery_no"
            ),
            event=self._latest(look, "{event}", "reviewer", "/api/v1/audit-events", "event_id"),
            job=self._latest(look, "{job}", "system_admin", "/api/v1/jobs", "id"),
        )

    def cookies(self, who: str | None) -> list[dict[str, str]]:
        """The open session of ``who``, for a browser."""
        if who is None:
            return []
        jar = self.people[who].http.cookies.jar
        return [
            {"name": each.name, "value": str(each.value), "url": self.service.origin}
            for each in jar
        ]

    def _latest(self, look: Look, placeholder: str, who: str, path: str, member: str) -> Any:
        """The newest of what ``path`` lists, when the page asks for one."""
        return self.people[who].get(path)["items"][0][member] if placeholder in look.path else ""

    def _ask_extension(self) -> None:
        """A law has changed; the registrar asks for more time."""
        registrar, path = self.people["registrar"], f"/api/v1/resources/{self._code}/change-events"
        law = {"on": "2026-02-10", "kind": "law", "basis": "《中华人民共和国义务教育法》修改"}
        self.change_no = str(registrar.post(path, law)["change_no"])
        asked = {"working_days": 5, "reason": "信息项须逐项核实"}
        registrar.post(f"/api/v1/change-events/{self.change_no}/extensions", asked)

    def _claim_source(self) -> None:
        body, path = of_body(ClaimCreate), "/api/v1/elements/DE-000001/source-claims"
        self.claim_no = str(self.people["registrar"].post(path, body)["claim_no"])

    def _name_source(self) -> None:
        self.people["data_admin"].post(f"/api/v1/source-claims/{self.claim_no}/confirmations", {})

    def _register_system(self) -> None:
        self.people["registrar"].post("/api/v1/systems", of_body(SystemCreate))

    def _open_census(self) -> None:
        self.people["data_admin"].post("/api/v1/systems/census", {"year": 2026})

    def _take_down(self) -> None:
        admin, path = self.people["data_admin"], f"/api/v1/resources/{self._code}"
        said = {"reason": "职责已划转，由新部门重新编目。"}
        admin.post(f"{path}/takedowns", said, version=admin.get(path)["version"])

    @property
    def _code(self) -> str:
        return self.story.facts.resource_code

    def _draft(self) -> None:
        """A request that stays a draft beside the story's own."""
        applicant, wanted = self.people["applicant"], self.story.script["request"]
        body = json.loads(
            json.dumps(
                {name: value for name, value in wanted.items() if name != "items"}, default=str
            )
        )
        items = [self.story.facts.item_ids[name] for name in wanted["items"]]
        made = applicant.post(
            "/api/v1/requests",
            {**body, "resource_code": self.story.facts.resource_code, "item_ids": items},
        )
        self.draft_no = made["request_no"]


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with _service() as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(playwright), args=["--no-sandbox"]
        )
        tour = Tour(service)
        for state, looks in LOOKS.items():
            if state not in STEPS:
                print(f"{state}: not on the way of the story", flush=True)
                continue
            tour.go_to(state)
            _pictures(browser, tour, state, looks)
            print(f"{state}: {len(looks)} pages", flush=True)
        browser.close()
    (TARGET / "index.html").write_text(_sheet(), encoding="utf-8")
    print(f"{len(list(TARGET.glob('*.png')))} pictures: {TARGET / 'index.html'}")
    return 0


@contextmanager
def _service() -> Iterator[Service]:
    with store.opened() as kept, Cluster(kept) as cluster, running_service(cluster) as service:
        yield service


def _pictures(browser: Browser, tour: Tour, state: str, looks: tuple[Look, ...]) -> None:
    for way, (language, width) in WAYS.items():
        windows: dict[str | None, Page] = {}
        for look in looks:
            if look.who not in windows:
                windows[look.who] = _window(browser, tour, look.who, language, width).new_page()
            page = windows[look.who]
            page.goto(tour.path(state, look))
            page.screenshot(path=TARGET / f"{look.name}.{way}.png", full_page=True)
        for page in windows.values():
            page.context.close()


def _window(
    browser: Browser, tour: Tour, who: str | None, language: str, width: int
) -> BrowserContext:
    context = browser.new_context(
        base_url=tour.service.origin, viewport={"width": width, "height": 768}
    )
    context.add_cookies(
        [{"name": "lang", "value": language, "url": tour.service.origin}, *tour.cookies(who)]
    )  # type: ignore[list-item]
    return context


def _sheet() -> str:
    """All pictures on one page, a row a page, to be looked at as a designer would."""
    rows = []
    for state, looks in LOOKS.items():
        if state not in STEPS:
            continue
        rows.append(f'<h2 id="{state}">{state}</h2>')
        for look in looks:
            shots = "".join(
                f'<a href="{look.name}.{way}.png"><img src="{look.name}.{way}.png" '
                f'alt="{look.name}, {way}"'
                f' class="{way.partition("-")[2]}" loading="lazy"></a>'
                for way in WAYS
            )
            title = f"{look.name} · {look.who or 'visitor'} · {look.path}"
            rows.append(f"<section><h3>{html.escape(title)}</h3>{shots}</section>")
    links = " ".join(f'<a href="#{state}">{state}</a>' for state in STEPS)
    return _FRAME.format(links=links, rows="\n".join(rows))


_FRAME: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Every page</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem; background: #eef0f4; }}
section {{ display: flex; gap: .75rem; align-items: flex-start; flex-wrap: wrap; }}
section {{ margin-bottom: 1.5rem; }}
h3 {{ flex-basis: 100%; margin: 0; font-size: 1rem; }} nav a {{ margin-right: .75rem; }}
img {{ border: 1px solid #b7bdca; background: #fff; height: auto; }}
img[class="1366"] {{ width: 480px; }} img[class="390"], img[class="320"] {{ width: 140px; }}
</style></head><body><h1>Every page</h1><nav>{links}</nav>
{rows}
</body></html>
"""


if __name__ == "__main__":
    raise SystemExit(main())
