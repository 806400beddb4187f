"""Data elements with all that a standard says of them.

Old shape: an element has a name, a definition, a type, the number of a standard and a domain.
New shape: it has a number, its name in parts, synonyms, how figures are counted, sizes, unit, kind
of code, whose standard it is and since when, and whether it needs a source at all. What older
elements do not say stays empty; each is taken to need a source.
Why: after ISO/IEC 11179 and GB/T 18391 an element is found, compared and checked by these.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TEXTS = {
    "derivation": 1_000,
    "property_name": 100,
    "representation": 100,
    "counting_rule": 500,
    "time_point": 100,
    "reporting_period": 100,
    "aggregation_level": 100,
    "unit": 50,
    "standard_edition": 100,
}
_WORDS = {
    "sourcing": ("authoritative", "derived", "none"),
    "code_kind": (
        "credit_code",
        "identity_number",
        "division_code",
        "date",
        "time",
        "datetime",
    ),
    "standard_kind": ("national", "industry", "local", "platform"),
}
_CHECKS = {
    "derivation": "(sourcing = 'derived') = (derivation <> '')",
    "size": "max_length > 0 AND precision > 0 AND scale BETWEEN 0 AND precision",
}


def upgrade() -> None:
    op.add_column(
        "data_element", sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False)
    )
    op.create_unique_constraint(op.f("data_element_number_key"), "data_element", ["number"])
    for name, words in _WORDS.items():
        default = "authoritative" if name == "sourcing" else None
        op.add_column(
            "data_element",
            sa.Column(
                name,
                sa.Enum(*words, name=name, native_enum=False, length=40, create_constraint=True),
                server_default=default,
                nullable=default is None,
            ),
        )
    for name, longest in _TEXTS.items():
        op.add_column(
            "data_element", sa.Column(name, sa.String(longest), server_default="", nullable=False)
        )
    op.add_column(
        "data_element",
        sa.Column("synonyms", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    for name in ("max_length", "precision", "scale"):
        op.add_column("data_element", sa.Column(name, sa.Integer()))
    op.add_column("data_element", sa.Column("in_force_from", sa.Date()))
    for name, condition in _CHECKS.items():
        op.create_check_constraint(op.f(f"data_element_{name}_check"), "data_element", condition)


def downgrade() -> None:
    for name in _CHECKS:
        op.drop_constraint(op.f(f"data_element_{name}_check"), "data_element")
    for name in (
        "number",
        *_WORDS,
        *_TEXTS,
        "synonyms",
        "max_length",
        "precision",
        "scale",
        "in_force_from",
    ):
        op.drop_column("data_element", name)
