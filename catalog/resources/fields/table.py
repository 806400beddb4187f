"""What may be said of a data resource: one row a field; of an information item: ``items``.

Sections of the form, labels, what is missing, what changed, exports, search words, the nine fields,
the interface reference and the client's columns derive from here. Order: that of the form.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from catalog.resources.fields.coverage import PARTS, covered
from catalog.resources.fields.field import Field
from catalog.resources.fields.grouped import BASIS, assessed, withheld
from catalog.resources.fields.system import SYSTEM
from catalog.resources.words import (
    Format,
    PrivacyConclusion,
    SecrecyConclusion,
    SecurityLevel,
    ShareType,
    ShareWay,
    UpdateCycle,
)
from shuqiao.i18n import Message, _
from shuqiao.words import as_flag, as_list, as_word

#: An entry, in the order of the form.
FIELDS: Final[Sequence[Field]] = (
    Field(
        name="title",
        label=_("Catalogue name"),
        section="basic",
        fix=_("Name the resource by what it contains."),
        export_width=36,
        nine=(1, _("Catalogue name")),
        in_client=True,
    ),
    Field(
        name="abstract",
        label=_("Abstract"),
        section="basic",
        fix=_("State what the resource contains, in at most 256 characters."),
        export_width=48,
        is_searched=True,
        meaning=_("What the data is about, up to 256 characters"),
        in_client=True,
    ),
    Field(
        name="provider",
        label=_("Provider"),
        export_width=24,
        nine=(3, _("Provider")),
        in_client=True,
    ),
    Field(
        name="category",
        label=_("Category"),
        section="basic",
        fix=_("State the class by industry and business (GB/T 43697)."),
        export_width=20,
        meaning=_("Place in the subject classification"),
    ),
    Field(
        name="format",
        label=_("Data format"),
        words=as_word(Format),
        section="basic",
        fix=_("Choose the form in which the data is kept."),
        export_width=14,
        nine=(4, _("Data format")),
        meaning=_("Format of the resource"),
    ),
    Field(
        name="update_cycle",
        label=_("Update cycle"),
        words=as_word(UpdateCycle),
        section="basic",
        fix=_("Choose how often the data is updated."),
        export_width=10,
        nine=(5, _("Update cycle")),
        meaning=_("How often the data is renewed"),
        in_client=True,
    ),
    Field(
        name="keywords",
        label=_("Keywords"),
        words=as_list,
        section="basic",
        export_width=20,
        is_searched=True,
        meaning=_("Words it should be found by, at most 20"),
    ),
    Field(
        name="related_code",
        label=_("Related resource"),
        section="basic",
        meaning=_("Code of a related resource"),
    ),
    Field(
        name="upper_code",
        label=_("Upper code"),
        section="basic",
        export_width=20,
        is_searched=True,
        meaning=_("Code under which the level above expects the entry"),
    ),
    SYSTEM,
    Field(
        name="items",
        label=_("Information items"),
        section="items",
        fix=_("Describe at least one information item."),
        nine=(2, _("Data items")),
        in_client=True,
    ),
    Field(
        name="share_type",
        label=_("Share type"),
        words=as_word(ShareType),
        section="sharing",
        export_width=14,
        nine=(6, _("Share attribute")),
        in_client=True,
    ),
    Field(
        name="share_condition",
        label=_("Sharing condition"),
        section="sharing",
        fix=_("State to whom and for which uses it is shared (Order 809, Art. 15)."),
        asked_of=lambda entry: entry.share_type is ShareType.CONDITIONAL,
        export_width=30,
        meaning=_("Condition of sharing"),
        in_client=True,
    ),
    Field(
        name="use_condition",
        label=_("Use conditions"),
        section="sharing",
        fix=_("State what the data may be used for, and what not."),
        export_width=30,
        nine=(8, _("Use conditions")),
        in_client=True,
    ),
    Field(
        name="share_way",
        label=_("Way of sharing"),
        words=as_word(ShareWay),
        section="sharing",
        fix=_("Choose how the data is handed over (Order 809, Art. 22)."),
        asked_of=lambda entry: entry.share_type is not ShareType.WITHHELD,
        export_width=12,
        nine=(7, _("Way of sharing")),
        meaning=_("How the data is handed over"),
        in_client=True,
    ),
    Field(
        name="withholding",
        label=_("Legal basis for not sharing"),
        words=withheld,
        section="sharing",
        asked_of=lambda entry: entry.share_type is ShareType.WITHHELD,
        parts=BASIS,
        meaning=_("Why the data is not shared"),
    ),
    Field(
        name="is_open",
        label=_("Open to the public"),
        words=as_flag,
        section="sharing",
        export_width=12,
        meaning=_("Whether it is opened to society"),
    ),
    Field(
        name="open_condition",
        label=_("Condition of opening"),
        section="sharing",
        fix=_("State under which conditions the public may have it."),
        asked_of=lambda entry: entry.is_open,
        meaning=_("Condition of opening to society"),
    ),
    Field(
        name="coverage",
        label=_("Declared coverage"),
        words=covered,
        section="sharing",
        parts=PARTS,
        export_width=30,
        meaning=_("What the rows are about: areas, subjects, period, sensitive groups"),
    ),
    Field(
        name="security_level",
        label=_("Level"),
        words=as_word(SecurityLevel),
        section="assessment",
        fix=_("Choose the level of the data (GB/T 43697)."),
        export_width=16,
        nine=(9, _("Class and level")),
        meaning=_("Level of the data"),
    ),
    Field(
        name="secrecy_assessment",
        label=_("Secrecy risk assessment"),
        words=assessed(SecrecyConclusion),
        section="assessment",
        parts={
            "conclusion": _("Secrecy risk assessment: conclusion"),
            "assessor": _("Secrecy risk assessment: assessed by"),
            "assessed_on": _("Secrecy risk assessment: date"),
        },
        fix=_("Have the secrecy risk assessed (Order 809, Art. 13)."),
    ),
    Field(
        name="privacy_assessment",
        label=_("Personal information protection impact assessment"),
        words=assessed(PrivacyConclusion),
        section="assessment",
        parts={
            "conclusion": _("Impact assessment: conclusion"),
            "assessor": _("Impact assessment: assessed by"),
            "assessed_on": _("Impact assessment: date"),
        },
        fix=_("Have the impact on personal information assessed (Order 809, Art. 13)."),
    ),
)

#: An information item, in the order of the grid. Each is exported and can change.
#: What each field of an entry is called, members of groups too: ``withholding.kind``.
LABELS: Final[Mapping[str, Message]] = {
    name: label
    for each in FIELDS
    for name, label in (
        (each.name, each.label),
        *((f"{each.name}.{part}", label) for part, label in each.parts.items()),
    )
}
#: Fields that are one column of the table each, and are typed.
PLAIN: Final = tuple(
    each.name for each in FIELDS if each.section not in (None, "items") and not each.parts
)
#: Fields that are told in several members.
GROUPS: Final = tuple(each.name for each in FIELDS if each.parts)
