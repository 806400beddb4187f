"""Versions of the responsibility list for sources and for data.

Old shape: a version for each publication, taking-down and step of a negative entry; that a
department became the source of an item's element, or that its data came, changed the list and left
no version.
New shape: ``mounted`` and ``unmounted`` when the first edition of a published entry becomes
current and when the last one ends; ``sourced`` when a claim is confirmed, ends or takes another
area, for each department with a published item of that element in it.
Why: any change of a list is a version with its cause.

Revision ID: 0062
Revises: 0061
"""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_BEFORE = (
    *("published", "changed", "taken_down", "reorganised"),
    *("withheld", "released", "review_due", "reviewed", "lapsed", "demanded"),
)
_AFTER = (*_BEFORE, "mounted", "unmounted", "sourced")
#: An edition that takes the place of another one changes nothing: one was there before and after.
_TRIGGERS = {
    "edition": (
        "AFTER INSERT OR UPDATE OF status ON edition",
        "NEW.current_from IS NOT NULL",
        """
    IF EXISTS (SELECT FROM edition AS other
        WHERE other.resource_id = NEW.resource_id AND other.id <> NEW.id
            AND other.current_from IS NOT NULL
            AND (other.ended_at IS NULL OR NEW.ended_at IS NULL
                AND other.ended_at >= NEW.current_from - interval '1 second'))
        OR NOT EXISTS (SELECT FROM edition WHERE id = NEW.id AND status = NEW.status)
    THEN
        RETURN NULL;
    END IF;
    PERFORM list_version_add(kind, r.provider_id, coalesce(NEW.ended_at, NEW.current_from),
        CASE WHEN NEW.ended_at IS NULL THEN 'mounted' ELSE 'unmounted' END,
        r.code || '#' || NEW.number)
    FROM data_resource r JOIN publication p
            ON p.resource_id = r.id AND p.version = r.published_version,
        list_version_kinds(p.entry) AS kind
    WHERE r.id = NEW.resource_id AND r.taken_down_at IS NULL AND kind = 'responsibility';
""",
    ),
    "source_claim": (
        "AFTER UPDATE OF confirmed_on, ended_on, area_span ON source_claim",
        "NEW.confirmed_on IS NOT NULL AND (OLD.confirmed_on, OLD.ended_on, OLD.area_span)"
        " IS DISTINCT FROM (NEW.confirmed_on, NEW.ended_on, NEW.area_span)",
        "{sourced}",
    ),
    "source_claim_adopted": (
        "AFTER INSERT ON source_claim",
        "NEW.confirmed_on IS NOT NULL",
        "{sourced}",
    ),
}
_SOURCED = """
    PERFORM list_version_add('responsibility', told.provider_id, NULL, 'sourced', NEW.claim_no)
    FROM (
        SELECT DISTINCT r.provider_id
        FROM resource_item i JOIN data_resource r ON r.id = i.resource_id
            JOIN department d ON d.id = r.provider_id
        WHERE i.element_id = NEW.element_id AND r.published_version > 0
            AND r.taken_down_at IS NULL
            AND (d.area_code IS NULL OR d.area_code::integer <@ {span})
            AND 'withheld' NOT IN (i.share_type, r.share_type)
            AND NOT EXISTS (SELECT FROM negative_cover c
                WHERE c.item_id = i.id AND c.until IS NULL)
        ORDER BY 1
    ) AS told;
"""

#: What happens to the entry itself names the version, not what comes with it.
_ADD = """
CREATE OR REPLACE FUNCTION list_version_add(
    list text, department uuid, since timestamptz, why text, about text,
    published integer DEFAULT NULL,
    bundle bigint DEFAULT pg_current_xact_id()::text::bigint
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    told uuid;
    told_at timestamptz;
BEGIN
    SELECT event, moment INTO told, told_at FROM list_version_event(about);
    -- numbers follow commit order and have no gap
    PERFORM pg_advisory_xact_lock(8092047, hashtext(list || department::text));
    INSERT INTO list_version AS kept (kind, department_id, number, at, cause, reference,
        published_version, event_id, transaction)
    SELECT list, department, coalesce(max(number), 0) + 1,
        coalesce(greatest(since, told_at), clock_timestamp()), why, about, published,
        told, bundle
    FROM list_version WHERE kind = list AND department_id = department
    ON CONFLICT (kind, department_id, transaction) DO UPDATE SET {kept};
END;
$$
"""
_LATEST = "at = greatest(kept.at, excluded.at)"
_NAMED = """(at, cause, reference, published_version, event_id) = (
        SELECT greatest(kept.at, excluded.at), stronger.cause, stronger.reference,
            stronger.published_version, stronger.event_id
        FROM (VALUES
            (kept.cause, kept.reference, kept.published_version, kept.event_id, 1),
            (excluded.cause, excluded.reference, excluded.published_version,
                excluded.event_id, 2)
        ) AS stronger (cause, reference, published_version, event_id, place)
        ORDER BY stronger.cause IN ('mounted', 'unmounted', 'sourced'), place LIMIT 1)"""


def _causes(words: tuple[str, ...]) -> None:
    told = ", ".join(f"'{word}'" for word in words)
    op.drop_constraint(op.f("list_version_cause_check"), "list_version", type_="check")
    op.create_check_constraint(
        op.f("list_version_cause_check"), "list_version", f"cause IN ({told})"
    )


def upgrade() -> None:
    _causes(_AFTER)
    op.execute(_ADD.replace("{kept}", _NAMED))
    for name, (moment, condition, body) in _TRIGGERS.items():
        span = "(OLD.area_span + NEW.area_span)" if "UPDATE" in moment else "NEW.area_span"
        text = body.replace("{sourced}", _SOURCED.replace("{span}", span))
        op.execute(
            f"CREATE FUNCTION guard.list_version_of_{name}() RETURNS trigger LANGUAGE plpgsql"
            " SECURITY DEFINER SET search_path = public, pg_temp AS $$"
            f"\nBEGIN{text}    RETURN NULL;\nEND;\n$$"
        )
        table = moment.rpartition(" ")[2]
        trigger = "list_version" if name == table else f"list_version_{name}"
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {trigger} {moment} DEFERRABLE INITIALLY DEFERRED"
            f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION guard.list_version_of_{name}()"
        )
        op.execute(f"REVOKE ALL ON FUNCTION guard.list_version_of_{name}() FROM PUBLIC")


def downgrade() -> None:
    for name, (moment, *_rest) in _TRIGGERS.items():
        table = moment.rpartition(" ")[2]
        trigger = "list_version" if name == table else f"list_version_{name}"
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION guard.list_version_of_{name}")
    op.execute("DELETE FROM list_version WHERE cause IN ('mounted', 'unmounted', 'sourced')")
    op.execute(_ADD.replace("{kept}", _LATEST))
    _causes(_BEFORE)
