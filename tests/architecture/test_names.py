"""Every column that people read as a name is named here, with what is done about look-alikes: a new
one must decide. What characters a name may have is one rule for all (``shuqiao.texts``).
"""

from typing import Final

from server import tables

#: Refused where another one looks the same (a unique index on what it looks like).
UNIQUE: Final = {"department.name", "app_user.account"}
#: Shown beside those that look the same, to who registers and who reviews.
SHOWN: Final = {"data_resource.title"}
#: One name within a list or a whole that people read with it; exactly equal ones are refused there.
WITHIN: Final = {
    *("area.name", "value_domain.name", "value_domain_entry.label", "data_element.name"),
    *("resource_item.name", "information_system.name", "object_scope.name"),
    *("list_template.title", "template_line.title", "domain_version.label"),
}
#: People, whose names may be the same: their account tells them apart.
PEOPLE: Final = {"app_user.name"}
#: What was said or named at a moment, kept as it was then, beside the code of what it speaks of.
KEPT: Final = {
    *("reorganised_department.name", "succeeded_object.title"),
    *("catalogue_change.resource_title", "collected_field.item_name"),
    *("collected_field.resource_title", "source_claim.element_name"),
    *("share_grant.resource_title", "source_conflict.element_name"),
    "source_countersign.element_name",
    *("grant_consultation.resource_title", "granted_item.name", "granted_item.column_name"),
    *("consultation_item.name", "negative_target.name", "element_proposal.title"),
}
#: Said beside a name, or by one person for themselves; nothing is decided by it.
SAID: Final = {
    *("department.sharing_unit", "value_domain.name_en", "data_element.name_en"),
    *("data_element.property_name", "data_element.unit", "negative_entry.basis_name"),
    *("collection_check.title", "repeated_form.form_name", "collected_field.name"),
    *("service_token.name", "assignment.title", "demand.title", "demand_item.name"),
}
#: Names of tables, columns and files, search words, and what names look like.
TECHNICAL: Final = {
    "installation_key.name",
    *("column_profile.column_name", "resource_item.column_name", "assignment.table_name"),
    *("attachment.file_name", "department.name_skeleton"),
    *("data_resource.title_skeleton", "app_user.account_skeleton"),
}
_WORDS: Final = ("name", "title", "label", "account", "unit")


def test_every_name_has_a_rule() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if "CHAR" in str(column.type).upper()
        and any(word in column.name.split("_") for word in _WORDS)
    }
    groups = (UNIQUE, SHOWN, WITHIN, PEOPLE, KEPT, SAID, TECHNICAL)
    ruled = set().union(*groups)
    assert sum(map(len, groups)) == len(ruled), "each has one rule"
    assert found == ruled


def test_what_is_unique_by_its_look_is_so_in_the_database() -> None:
    for name in UNIQUE:
        table, _dot, column = name.partition(".")
        looks = f"{column}_skeleton"
        (index,) = (
            each
            for each in tables.metadata.tables[table].indexes
            if [part.name for part in each.columns] == [looks]
        )
        assert index.unique
