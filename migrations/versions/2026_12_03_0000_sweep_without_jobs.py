"""What recurs leaves no jobs; a public number waits for nobody.

Old shape: of each recurring task a job is written in each period, 560,000 rows a month. The last
number of a series is a row that stays locked until the commit of whoever draws from it.
New shape: ``sweep`` holds one row for each recurring task. Numbers above the last one of the series
are rows of ``number_taken``, drawn by ``take_number``: it takes the lowest that nobody has and
nobody is taking, which an advisory lock says that goes with the transaction, so nobody waits.
Jobs of recurring tasks that did not run go; those that ran are removed by the upkeep.
Why: the deletion of so many rows timed out and never came to an end; of 332 requests drafted by
eight people at once six were refused (503).

Revision ID: 0064
Revises: 0063
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_OF_A_PERIOD = "queueing_lock LIKE 'every:%' AND status <> 'succeeded' AND status <> 'doing'"
#: Rows above the last one of a series at which they are counted into it.
_MANY = 32
_IS_TAKEN = """
CREATE FUNCTION is_number_taken(wanted_prefix text, wanted_year integer, wanted bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM number_series WHERE prefix = wanted_prefix
            AND year = wanted_year AND last >= wanted)
        OR EXISTS (SELECT FROM number_taken WHERE prefix = wanted_prefix
            AND year = wanted_year AND number = wanted)
$$
"""
# Each statement of it sees what was committed before it. So it looks again after it has the lock,
# which is let go only after the row is there for everybody, or with a roll-back.
_TAKE_NUMBER = f"""
CREATE FUNCTION take_number(wanted_prefix text, wanted_year integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    series text := 'number:' || wanted_prefix || ':' || wanted_year;
    below bigint := coalesce((SELECT last FROM number_series
        WHERE prefix = wanted_prefix AND year = wanted_year), 0);
    found bigint := below;
BEGIN
    LOOP
        found := found + 1;
        CONTINUE WHEN is_number_taken(wanted_prefix, wanted_year, found);
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended(series || ':' || found, 0));
        EXIT WHEN NOT is_number_taken(wanted_prefix, wanted_year, found);
    END LOOP;
    INSERT INTO number_taken (prefix, year, number) VALUES (wanted_prefix, wanted_year, found);
    IF found > below + {_MANY} AND pg_try_advisory_xact_lock(hashtextextended(series, 0)) THEN
        PERFORM count_numbers(wanted_prefix, wanted_year);
    END IF;
    RETURN found;
END $$
"""
_COUNT_NUMBERS = """
CREATE FUNCTION count_numbers(wanted_prefix text, wanted_year integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    below bigint := coalesce((SELECT last FROM number_series
        WHERE prefix = wanted_prefix AND year = wanted_year), 0);
    whole bigint;
BEGIN
    SELECT max(number) INTO whole FROM (
        SELECT number, row_number() OVER (ORDER BY number) AS place FROM number_taken
        WHERE prefix = wanted_prefix AND year = wanted_year AND number > below
    ) AS taken WHERE number = below + place;
    IF whole IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO number_series (prefix, year, last) VALUES (wanted_prefix, wanted_year, whole)
        ON CONFLICT (prefix, year) DO UPDATE SET last = whole;
    DELETE FROM number_taken
        WHERE prefix = wanted_prefix AND year = wanted_year AND number <= whole;
END $$
"""
_FUNCTIONS = {
    "is_number_taken(text, integer, bigint)": _IS_TAKEN,
    "count_numbers(text, integer)": _COUNT_NUMBERS,
    "take_number(text, integer)": _TAKE_NUMBER,
}


def upgrade() -> None:
    _sweep()
    op.create_table(
        "number_taken",
        sa.Column("prefix", sa.String(8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", "number", name=op.f("number_taken_pkey")),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON sweep TO "{role}"')
    op.execute(f'GRANT SELECT, INSERT, DELETE ON number_taken TO "{role}"')
    for function in _FUNCTIONS.values():
        op.execute(function)
    op.execute(f"DELETE FROM jobs.procrastinate_jobs WHERE {_OF_A_PERIOD}")


def downgrade() -> None:
    for signature in reversed(_FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute(
        "INSERT INTO number_series (prefix, year, last)"
        " SELECT prefix, year, max(number) FROM number_taken GROUP BY 1, 2"
        " ON CONFLICT (prefix, year) DO UPDATE SET last = excluded.last"
    )
    op.drop_table("number_taken")
    op.drop_table("sweep")


def _sweep() -> None:
    op.create_table(
        "sweep",
        sa.Column("task", sa.String(80), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(200), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("task", name=op.f("sweep_pkey")),
    )
