"""What the fields of the registration form are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shuqiao.i18n import Message, _

#: What each field is called, on the form, in the error summary and among the answers.
LABELS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "title": _("Catalogue name"),
        "abstract": _("Abstract"),
        "category": _("Category"),
        "format": _("Data format"),
        "update_cycle": _("Update frequency"),
        "keywords": _("Keywords"),
        "related_code": _("Related resource"),
        "items": _("Information items"),
        "share_type": _("Share type"),
        "share_condition": _("Sharing condition"),
        "use_condition": _("Use conditions"),
        "share_way": _("Way of sharing"),
        "withholding": _("Legal basis for not sharing"),
        "withholding.kind": _("Kind of the legal basis"),
        "withholding.basis": _("Legal basis for not sharing"),
        "withholding.reason": _("Reason for not sharing"),
        "is_open": _("Open to the public"),
        "open_condition": _("Condition of opening"),
        "security_level": _("Level"),
        "secrecy_assessment": _("Secrecy risk assessment"),
        "secrecy_assessment.conclusion": _("Secrecy risk assessment: conclusion"),
        "secrecy_assessment.assessor": _("Secrecy risk assessment: assessed by"),
        "secrecy_assessment.assessed_on": _("Secrecy risk assessment: date"),
        "privacy_assessment": _("Personal information protection impact assessment"),
        "privacy_assessment.conclusion": _("Impact assessment: conclusion"),
        "privacy_assessment.assessor": _("Impact assessment: assessed by"),
        "privacy_assessment.assessed_on": _("Impact assessment: date"),
        "attachments": _("The data itself"),
        "class_code": _("Class code"),
    }
)
