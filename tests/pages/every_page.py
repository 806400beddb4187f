"""Every page there is, who looks at it and in which state of the story:
one list for the checks and for the pictures.

A route without a line here fails ``test_every_route_of_the_pages_is_listed``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Look:
    """One page as one person sees it. ``path`` names things of the story: ``/requests/{request}``.

    ``swap``: what to press for an answer that htmx puts into the page. ``status``: of the answer.
    """

    name: str
    who: str | None
    path: str
    swap: str = ""
    status: int = 200


#: State of the story → its pages, in the order in which the story meets them.
LOOKS: Final[Mapping[str, tuple[Look, ...]]] = {
    "accounts": (
        Look("home-visitor", None, "/"),
        Look("sign-in", None, "/sign-in"),
        Look("help", None, "/help"),
        Look("help-topic", "registrar", "/help/register"),
        Look("not-found", "applicant", "/no-such-page", status=404),
        Look("problem", None, "/problems/not_found"),
        Look("docs", "applicant", "/docs"),
        Look("docs-group", "applicant", "/docs?group=requests"),
        Look("docs-operation", "applicant", "/docs/operations/requests_create"),
        Look("home-new", "applicant", "/"),
        Look("catalogue-empty", "applicant", "/catalog"),
        Look("my-resources-empty", "registrar", "/resources"),
        Look("resource-new", "registrar", "/resources/new"),
        Look("reviews-empty", "data_admin", "/reviews"),
        Look("self-reviews-empty", "reviewer", "/self-reviews"),
        Look("requests-empty", "applicant", "/requests"),
        Look("tasks-empty", "approver", "/tasks"),
        Look("grants-empty", "applicant", "/grants"),
        Look("deliveries-empty", "applicant", "/deliveries"),
        Look("desk-empty", "applicant", "/desk"),
        Look("departments", "system_admin", "/admin/departments"),
        Look("department", "system_admin", "/admin/departments/{department}"),
        Look("users", "system_admin", "/admin/users"),
        Look("user-new", "system_admin", "/admin/users/new"),
        Look("user-roles", "security_admin", "/admin/users/{applicant}"),
        Look("user-suspension", "system_admin", "/admin/users/{applicant}/suspension"),
        Look("seats-empty", "audit_admin", "/admin/seat-changes"),
        Look("seat-new", "security_admin", "/admin/users/{applicant}/seat-changes/new"),
        Look("profile", "applicant", "/me"),
        Look("password", "applicant", "/me/password"),
        Look("token-new", "applicant", "/me/tokens/new"),
        Look("forbidden", "applicant", "/jobs", status=403),
    ),
    "imported_domain": (
        Look("domains", "data_admin", "/domains"),
        Look("domain", "applicant", "/domains/VD-000001"),
        Look("domain-edition", "applicant", "/domains/VD-000001/editions/1"),
        Look("domain-differences", "applicant", "/domains/VD-000001/differences?before=1&after=2"),
        Look("domain-import", "data_admin", "/domains/VD-000001/import"),
    ),
    "organised": (
        Look("tree", "applicant", "/departments"),
        Look("tree-found", "data_admin", "/departments?q=教育&unstated=true"),
        Look("tree-department", "data_admin", "/departments/{department}"),
        Look("description", "data_admin", "/departments/{department}/description"),
        Look("quota", "system_admin", "/departments/{department}/quota"),
        Look("duty-new", "data_admin", "/departments/{department}/duties/new"),
        Look("duty-end", "data_admin", "/departments/{department}/duties/{duty}/end"),
        Look("reorganisations", "system_admin", "/reorganisations"),
        Look("reorganisation-new", "system_admin", "/reorganisations/new"),
        Look("areas", "data_admin", "/areas"),
        Look("areas-within", "applicant", "/areas?within=150200"),
        Look("area-new", "data_admin", "/areas/new?parent=150200"),
        Look("area-end", "data_admin", "/areas/150271/end"),
    ),
    "proposed_change": (Look("proposal", "data_admin", "/element-proposals/{proposal}"),),
    "heard_change": (
        Look("proposals", "applicant", "/element-proposals"),
        Look("proposal-heard", "registrar", "/element-proposals/{proposal}"),
        Look("proposal-decision", "data_admin", "/element-proposals/{proposal}"),
    ),
    "returned_proposal": (
        Look("proposal-revision", "consumer_registrar", "/element-proposals/{proposal}/revision"),
    ),
    "published_change": (
        Look("element-changed", "registrar", "/elements/DE-000001"),
        Look("element-versions", "applicant", "/elements/DE-000001/versions"),
        Look("element-version", "applicant", "/elements/DE-000001/versions/2"),
        Look("element-import", "data_admin", "/elements/import"),
        Look("element-new", "registrar", "/elements/new?name=在校生数&data_type=I"),
        Look("element-change", "registrar", "/elements/DE-000001/change"),
        Look("element-end", "registrar", "/elements/DE-000001/end"),
    ),
    "drafted_template": (
        Look("list-templates", "data_admin", "/list-templates"),
        Look("list-template-new", "data_admin", "/list-templates/new"),
        Look("list-template-draft", "data_admin", "/list-templates/LT-2026-000001"),
        Look("list-template-edit", "data_admin", "/list-templates/LT-2026-000001/edit"),
    ),
    "issued_template": (
        Look("list-template", "data_admin", "/list-templates/LT-2026-000001"),
        Look("assignments", "registrar", "/assignments"),
        Look("assignment", "registrar", "/assignments/AS-2026-000001"),
        Look("assignments-board", "data_admin", "/assignments/board"),
    ),
    "claimed_assignment": (Look("assignment-claimed", "registrar", "/assignments/AS-2026-000001"),),
    "begun_entry": (Look("assignment-begun", "registrar", "/assignments/AS-2026-000001"),),
    "refused_assignment": (
        Look("assignment-refused", "data_admin", "/assignments/AS-2026-000001"),
    ),
    "registered_system": (
        Look("systems", "data_admin", "/systems"),
        Look("system", "registrar", "/systems/{system}"),
        Look("system-new", "registrar", "/systems/new"),
        Look("system-edit", "registrar", "/systems/{system}/edit"),
        Look("systems-coverage", "data_admin", "/systems/coverage"),
        Look("system-sheet", "registrar", "/systems/{system}/sheet"),
        Look("department-sheet", "data_admin", "/departments/{department}/sheet"),
        Look("censuses", "data_admin", "/systems/census"),
    ),
    "open_census": (
        Look("census", "registrar", "/systems/census/2026"),
        Look("census-administration", "data_admin", "/systems/census/2026"),
    ),
    "draft_resource": (
        Look("my-resources", "registrar", "/resources"),
        Look("resource-tasks", "registrar", "/resources/{resource}/edit"),
        Look("resource-basic", "registrar", "/resources/{resource}/edit/basic"),
        Look("resource-data-empty", "registrar", "/resources/{resource}/edit/data"),
        Look("resource-connection", "registrar", "/resources/{resource}/edit/connection"),
        Look("resource-class", "registrar", "/resources/{resource}/class"),
    ),
    "claimed_source": (
        Look("source-claims", "data_admin", "/source-claims"),
        Look("source-claim-open", "data_admin", "/source-claims/{claim}"),
    ),
    "named_source": (
        Look("element-source", "applicant", "/elements/DE-000001/source"),
        Look("source-claim", "data_admin", "/source-claims/{claim}"),
        Look("source-end", "data_admin", "/source-claims/{claim}/end"),
    ),
    "countersigned_source": (
        Look("element-source-open", "data_admin", "/elements/DE-000001/source"),
        Look("source-countersign", "provider_head", "/source-claims/{claim}"),
        Look("source-claim-new", "registrar", "/elements/DE-000001/source/claim"),
        Look("source-coverage", "data_admin", "/source-coverage"),
    ),
    "opened_conflict": (
        Look("source-conflicts", "consumer_registrar", "/source-conflicts"),
        Look("source-conflict-statement", "provider_head", "/source-conflicts/{conflict}"),
        Look("source-conflict-element", "stranger", "/elements/{element}"),
        Look(
            "source-conflict-new",
            "consumer_registrar",
            "/elements/{element}/source-conflicts/new",
        ),
    ),
    "heard_conflict": (
        Look("source-conflict-decision", "data_admin", "/source-conflicts/{conflict}"),
    ),
    "proposed_negative": (
        Look("negative-consent", "head", "/negative-entries/{negative}"),
        Look("negative-new", "registrar", "/negative-entries/new"),
    ),
    "consented_negative": (Look("negative-review", "data_admin", "/negative-entries/{negative}"),),
    "negative_in_force": (
        Look("negative-list", "stranger", "/negative-entries"),
        Look("negative-entry", "registrar", "/negative-entries/{negative}"),
        Look("negative-contesting", "consumer_head", "/negative-entries/{negative}"),
    ),
    "contested_negative": (
        Look("negative-answer", "provider_head", "/negative-contests/{contest}"),
    ),
    "answered_contest": (Look("negative-decision", "data_admin", "/negative-contests/{contest}"),),
    "attached_resource": (
        Look("resource-data", "registrar", "/resources/{resource}/edit/data"),
        Look("resource-items", "registrar", "/resources/{resource}/edit/items"),
        Look("resource-sharing", "registrar", "/resources/{resource}/edit/sharing"),
        Look("resource-assessment", "registrar", "/resources/{resource}/edit/assessment"),
    ),
    "likely_elements": (
        Look("resource-items-proposals", "registrar", "/resources/{resource}/edit/items"),
        Look("resource-check-proposals", "registrar", "/resources/{resource}/edit/check"),
        Look("resource-bindings", "registrar", "/resources/{resource}/bindings"),
        Look("drafts-bindings", "registrar", "/bindings"),
        Look("duplicates-empty", "registrar", "/duplicates"),
    ),
    "suspected_duplicate": (
        Look("duplicates", "data_admin", "/duplicates"),
        Look("duplicate", "registrar", "/duplicates/{suspicion}"),
    ),
    "stored_resource": (Look("resource-check", "registrar", "/resources/{resource}/edit/check"),),
    "submitted_resource": (
        Look("resource-recall", "registrar", "/resources/{resource}/recall"),
        Look("reviews", "head", "/reviews"),
        Look("review-head", "head", "/resources/{resource}/review"),
    ),
    "consented_resource": (
        Look("review-administration", "data_admin", "/resources/{resource}/review"),
    ),
    "published_resource": (
        Look("lists", "data_admin", "/lists"),
        Look("lists-responsibility", "registrar", "/lists/responsibility"),
        Look("lists-entries", "applicant", "/lists/responsibility?by=entry&on=2026-02-10"),
        Look("lists-negative-empty", "applicant", "/lists/negative"),
        Look("lists-demand-empty", "applicant", "/lists/demand"),
        Look("lists-versions", "reviewer", "/lists/versions"),
        Look("lists-comparison", "data_admin", "/lists/responsibility/comparison"),
        Look("lists-notice", "data_admin", "/lists/notice"),
        Look("lists-returned", "registrar", "/lists/responsibility/returned"),
        Look("catalogue", "applicant", "/catalog?q=学校", swap="#facets input[type=checkbox]"),
        Look("catalogue-table", "applicant", "/catalog?view=table", swap="#view-list"),
        Look("catalogue-nothing", "applicant", "/catalog?q=没有这样的数据"),
        Look("elements", "applicant", "/elements?q=学校"),
        Look("element", "applicant", "/elements/DE-000001"),
        Look("resource", "applicant", "/catalog/{resource}"),
        Look("resource-change", "registrar", "/resources/{resource}/change"),
        Look("resource-takedown", "data_admin", "/catalog/{resource}/takedown"),
        Look("change-events", "registrar", "/resources/{resource}/change-events"),
        Look("resource-tab-items", "applicant", "/catalog/{resource}?tab=items"),
        Look("resource-tab-standards", "applicant", "/catalog/{resource}?tab=standards"),
        Look("resource-tab-versions", "applicant", "/catalog/{resource}?tab=versions"),
        Look("resource-tab-api", "applicant", "/catalog/{resource}?tab=api"),
        Look("request-new", "applicant", "/requests/new?resource={resource}"),
    ),
    "draft_request": (
        Look("request-edit", "applicant", "/requests/{request}/edit"),
        Look("request-check", "applicant", "/requests/{request}/check"),
        Look("request-draft", "applicant", "/requests/{request}"),
    ),
    "asked_request": (Look("request-consent", "consumer_head", "/requests/{request}"),),
    "submitted_request": (
        Look("overdue-empty", "head", "/overdue"),
        Look("requests", "applicant", "/requests"),
        Look("request", "applicant", "/requests/{request}"),
        Look("request-withdrawal", "applicant", "/requests/{request}/withdrawal"),
        Look("tasks", "approver", "/tasks"),
        Look("desk", "approver", "/desk"),
        Look("decision", "approver", "/requests/{request}/decision"),
    ),
    "prepared_request": (Look("release", "provider_head", "/requests/{request}/decision"),),
    "active_grant": (
        Look("lists-frequent", "data_admin", "/lists/frequent"),
        Look("request-answered", "applicant", "/requests/{request}"),
        Look("grants", "applicant", "/grants"),
        Look("grant", "applicant", "/grants/{grant}"),
        Look("grant-downloads", "applicant", "/grants/{grant}/downloads"),
        Look("grant-revocation", "provider_head", "/grants/{grant}/revocation"),
    ),
    "finished_delivery": (
        Look("home", "applicant", "/"),
        Look("deliveries", "applicant", "/deliveries"),
        Look("delivery", "applicant", "/deliveries/{delivery}"),
        Look("jobs", "system_admin", "/jobs"),
        Look("storage", "system_admin", "/storage"),
        Look("calendars", "system_admin", "/calendars"),
        Look("calendar", "system_admin", "/calendars/2026"),
        Look("job", "system_admin", "/jobs/{job}"),
        Look("trail", "reviewer", "/trail"),
        Look("trail-refused-query", "reviewer", "/trail?q=result:wrong", status=422),
        Look("trail-event", "reviewer", "/trail/{event}"),
        Look("trail-received", "reviewer", "/trail/received?resource={resource}"),
        Look("trail-nothing-received", "reviewer", "/trail/received?resource=1/1", status=422),
    ),
    "changing_resource": (
        Look("working-copy", "registrar", "/resources/{resource}/edit"),
        Look("working-copy-data", "registrar", "/resources/{resource}/edit/data"),
        Look("working-copy-discard", "registrar", "/resources/{resource}/discard"),
    ),
    "reviewed_change": (Look("review-change", "data_admin", "/resources/{resource}/review"),),
    "changed_entry": (
        Look("versions-compared", "applicant", "/catalog/{resource}?tab=versions&before=1&after=2"),
        Look("version-before", "applicant", "/catalog/{resource}?version=1"),
        Look("resource-published", "registrar", "/resources/{resource}/edit"),
    ),
    "renewed_data": (
        Look("editions", "registrar", "/resources/{resource}/editions"),
        Look("edition-data", "registrar", "/resources/{resource}/edit/data"),
    ),
    "proposed_demand": (
        Look("demand-proposed", "provider_head", "/demands/DM-2026-000001"),
        Look("demand-new-of-search", "applicant", "/demands/new?title=学校名录"),
        Look("catalogue-unfound", "applicant", "/catalog?q=婚姻登记"),
    ),
    "two_demands": (
        Look("demands", "data_admin", "/demands"),
        Look("demand-assign", "data_admin", "/demands/DM-2026-000001"),
        Look("demand-merge", "data_admin", "/demands/DM-2026-000001?act=merge"),
        Look("demand-figures", "data_admin", "/demands/figures?month=2026-02"),
        Look("demand-new", "applicant", "/demands/new"),
    ),
    "claimed_demand": (Look("demand-answer", "provider_head", "/demands/DM-2026-000001"),),
    "contested_demand": (Look("demand-contested", "data_admin", "/demands/DM-2026-000001"),),
    "shared_demand": (
        Look("demand-shared", "applicant", "/demands/DM-2026-000001"),
        Look("request-of-demand", "applicant", "/requests/{request}"),
    ),
    "checked_form": (
        Look("collection", "applicant", "/collection-checks"),
        Look("collection-new", "applicant", "/collection-checks/new"),
        Look("collection-check", "applicant", "/collection-checks/CK-2026-000001"),
        Look("collection-field", "applicant", "/collection-checks/CK-2026-000001/fields/1"),
    ),
    "grass_roots": (Look("repeated-new", "applicant", "/repeated-forms/new"),),
    "repeated_form": (
        Look("repeated", "applicant", "/repeated-forms"),
        Look("repeated-form", "data_admin", "/repeated-forms/RF-2026-000001"),
    ),
    "checked_draft": (
        Look("conformity-draft", "registrar", "/resources/{resource}/conformity"),
        Look("conformity-draft-values", "registrar", "/resources/{resource}/conformity/failures"),
        Look("data-checked", "registrar", "/resources/{resource}/edit/data"),
    ),
    "checked_edition": (
        Look("conformity", "registrar", "/resources/{resource}/editions/1/conformity"),
        Look(
            "conformity-values", "registrar", "/resources/{resource}/editions/1/conformity/failures"
        ),
        Look("standards-checked", "applicant", "/catalog/{resource}?tab=standards"),
        Look("editions-checked", "registrar", "/resources/{resource}/editions"),
    ),
    "held_edition": (Look("edition-held", "registrar", "/resources/{resource}/editions"),),
    "copied_table": (Look("renewal", "registrar", "/resources/{resource}/editions"),),
    "asked_extension": (Look("change-event", "data_admin", "/change-events/{change}"),),
    "new_data": (
        Look("updates", "data_admin", "/updates"),
        Look("cause-new", "data_admin", "/update-causes/new?codes={resource}"),
        Look("new-data", "data_admin", "/update-causes/new-data"),
        Look("cause", "registrar", "/update-causes/{cause}"),
        Look("change-event-data", "registrar", "/change-events/{change}"),
    ),
    "merged_provider": (
        Look("succession", "data_admin", "/reorganisations/{act}/succession"),
        Look("succession-ruling", "data_admin", "/reorganisations/{act}/succession?kind=entry"),
    ),
    "emptied_grant": (
        Look("grant-emptied", "approver", "/grants/{grant}"),
        Look("consultations", "approver", "/consultations"),
        Look("consultation", "approver", "/consultations/{consultation}"),
        Look("consultation-filing", "provider_head", "/consultations/{consultation}"),
    ),
    "proposed_seat": (
        Look("seats", "audit_admin", "/admin/seat-changes"),
        Look("seat", "security_admin", "/admin/seat-changes/{seat}"),
    ),
    "terminable_grant": (
        Look("grant-termination", "provider_head", "/grants/{grant}/termination"),
        Look("consultation-concluded", "applicant", "/consultations/{consultation}"),
    ),
    "suspended_item": (
        Look("grant-suspended", "approver", "/grants/{grant}"),
        Look("lists-negative", "data_admin", "/lists/negative"),
    ),
    "taken_down": (Look("resource-taken-down", "applicant", "/catalog/{resource}"),),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A page that only a form leads to: who fills in what where, and the status of what is shown.

    Fields are filled by name; ``file`` is put into the form's file field. The form is the one whose
    address ends in ``form``, else the page's first; it is sent ``times``.
    """

    name: str
    who: str | None
    path: str
    status: int
    fields: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    file: bytes = b""
    times: int = 1


#: Two readings fit these bytes: which one is asked on a page.
_AMBIGUOUS: Final = "代码,名称\n1,一小\n".encode("gb18030")

#: One code with two labels, and one without.
#: Of the responsibility list: one row that says something else, one that is no line.
_SHEET: Final = (
    "资源代码,信息项,共享条件\n307001/000001,学校代码,不限\n307001/000001,没有,\n".encode()
)
_DEFECTIVE: Final = "代码,名称,上级代码\n410307,洛龙区,\n410307,偃师区,\n410311,,419999\n".encode()

ANSWERS: Final[Mapping[str, tuple[Answer, ...]]] = {
    "accounts": (
        Answer("sign-in-refused", None, "/sign-in", 401, {"account": "who", "password": "wrong"}),
        Answer("password-refused", "applicant", "/me/password", 422),
        Answer("token-refused", "applicant", "/me/tokens/new", 422),
        Answer("token-made", "applicant", "/me/tokens/new", 201, {"name": "夜间取数"}),
        Answer("department-refused", "system_admin", "/admin/departments", 422),
        Answer("user-refused", "system_admin", "/admin/users/new", 422),
        Answer("user-password", "system_admin", "/admin/users/{applicant}", 201, form="/password"),
        Answer("resource-refused", "registrar", "/resources/new", 422),
    ),
    "proposed_seat": (Answer("seat-decided", "security_admin", "/admin/seat-changes/{seat}", 201),),
    "locked_account": (
        Answer(
            "sign-in-locked",
            None,
            "/sign-in",
            429,
            {"account": "applicant", "password": "x"},
            times=6,
        ),
    ),
    "draft_resource": (
        Answer(
            "basic-refused", "registrar", "/resources/{resource}/edit/basic", 422, {"title": ""}
        ),
        Answer("data-refused", "registrar", "/resources/{resource}/edit/data", 422),
        Answer(
            "data-question",
            "registrar",
            "/resources/{resource}/edit/data",
            200,
            file=_AMBIGUOUS,
        ),
    ),
    "registered_system": (
        Answer("system-refused", "registrar", "/systems/new", 422),
        Answer("system-move-refused", "registrar", "/systems/{system}", 422, form="/states"),
    ),
    "imported_domain": (
        Answer(
            "domain-report",
            "data_admin",
            "/domains/VD-000001/import",
            422,
            {"label": "2026", "source": "测试用", "in_force_from": "2026-01-01"},
            file=_DEFECTIVE,
        ),
    ),
    "connected": (
        Answer(
            "connection-tested",
            "registrar",
            "/resources/{resource}/edit/connection?alias=edu",
            200,
            form="/test",
        ),
    ),
    "submitted_resource": (
        Answer("consent-confirmed", "head", "/resources/{resource}/review", 200),
    ),
    "published_resource": (
        Answer("lists-sheet", "registrar", "/lists/responsibility/returned", 200, file=_SHEET),
        Answer("lists-sheet-missing", "registrar", "/lists/responsibility/returned", 422),
        Answer("request-refused", "applicant", "/requests/new?resource={resource}", 422),
    ),
    "submitted_request": (
        Answer("withdrawal-refused", "applicant", "/requests/{request}/withdrawal", 422),
        Answer("decision-refused", "approver", "/requests/{request}/decision", 422),
    ),
    "active_grant": (
        Answer("revocation-refused", "provider_head", "/grants/{grant}/revocation", 422),
    ),
}

#: Pages that give a file, lead elsewhere at once or show what a line above shows already.
NOT_LISTED: Final = frozenset(
    {
        *("/catalog/export", "/catalog/{code}/items.{ending}", "/self-reviews/export"),
        *(
            "/elements/export",
            "/elements/template",
        ),
        *("/source-coverage/export", "/duplicates/export"),
        *("/lists/{kind}/export", "/lists/frequent/export"),
        "/resources/{code}/conformity/failures.csv",
        "/resources/{code}/editions/{number}/conformity/failures.csv",
        *("/list-templates/sheet", "/assignments/export", "/assignments/board/export"),
        "/demands/figures/export",
        *("/systems/coverage/export", "/systems/{no}/sheet/export"),
        *("/departments/{code}/sheet/export", "/overdue/export", "/docs/try"),
        "/updates/export",
    }
)
