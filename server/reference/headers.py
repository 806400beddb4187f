"""Which headers an answer carries beside its body.

A test plays every route's example and compares.
"""

from typing import Final

from server.reference.facts import RouteFacts

#: Operations whose answer names the version of one thing.
TAGGED: Final = frozenset(
    {
        "binding_proposals_list",
        "bindings_make",
        "elements_adopt",
        "elements_show",
        *("element_proposals_file", "element_proposals_end", "element_proposals_show"),
        *("element_proposals_record", "element_proposals_decide", "element_proposals_withdraw"),
        *("element_proposals_revise", "element_proposals_revise_ending"),
        "source_claims_show",
        "resources_register",
        "resources_show",
        "resources_edit",
        "resources_submit",
        "resources_consent",
        "resources_review",
        "catalog_show",
        "resources_change",
        "resources_show_working_copy",
        "resources_choose_class",
        "resources_recall",
        "resources_take_down",
        "resources_show_edition",
        "resources_check_edition",
        "resources_drop_edition",
        "resources_show_refresh",
        "resources_set_refresh",
        "collection_checks_make",
        "collection_checks_make_of_file",
        "collection_checks_show",
        "collection_checks_correct",
        "collection_checks_conclude",
        "repeated_forms_report",
        "repeated_forms_show",
        "repeated_forms_answer",
        *("demands_file", "demands_show", "demands_claim", "demands_assign", "demands_merge"),
        *("demands_answer", "demands_contest", "demands_settle", "demands_close"),
        "demands_withdraw",
        *("list_templates_write", "list_templates_show", "list_templates_edit"),
        *("list_templates_import", "list_templates_issue", "list_templates_assign"),
        *("list_templates_close", "assignments_show", "assignments_answer"),
        *("assignments_reassign", "assignments_accept", "assignments_take_back"),
        *("assignments_describe", "assignments_bind", "assignments_open_entry"),
        "systems_register",
        "systems_show",
        "systems_edit",
        "systems_move",
        "grants_settle_item",
        "grants_terminate",
        "consultations_show",
        "consultations_conclude",
        "departments_create",
        "departments_describe",
        "departments_rename",
        "departments_set_quota",
        "departments_show",
        "requests_create",
        "requests_show",
        "requests_edit",
        "requests_submit",
        "requests_consent",
        "requests_withdraw",
        "requests_decide",
        "requests_release",
        "grants_show",
        "grants_prove",
        "grants_revoke",
    }
)
#: Operations that make something with an address of its own.
LOCATED: Final = frozenset(
    {
        "domains_create",
        "elements_adopt",
        *("element_proposals_file", "element_proposals_end"),
        "list_templates_write",
        "systems_register",
        "resources_register",
        "resources_attach",
        "resources_attach_table",
        "resources_change",
        "resources_choose_class",
        "requests_create",
    }
)
#: Operations whose event is told in headers, the body being the thing itself.
RECORDED: Final = frozenset({"audit_events_list", "audit_exports_create", "audit_receipts_list"})


def of(facts: RouteFacts) -> list[str]:
    """The headers of the successful answer, in the order they are shown."""
    named = facts.operation_id
    found = ["ETag"] if named in TAGGED else []
    found += ["Location"] if named in LOCATED else []
    found += ["Link"] if named.endswith(("_list", "_search")) and named not in _UNPAGED else []
    found += ["Idempotency-Replayed"] if facts.takes_key else []
    found += ["Shuqiao-Event-Id", "Shuqiao-Leaf-Hash"] if named in RECORDED else []
    found += ["Content-Disposition"] if named == "audit_exports_create" else []
    found += [] if facts.is_public else ["RateLimit-Policy", "RateLimit"]
    return [*found, "X-Request-Id"]


#: Lists that are short and come whole.
_UNPAGED: Final = frozenset(
    {
        *("tokens_list", "todos_list", "messages_list", "jobs_list"),
        "census_list",
        *("departments_list", "duties_list", "reorganisations_list"),
    }
)
