"""The closed words of a data resource (数据资源), each with what it is called on pages."""

from shuqiao.i18n import _
from shuqiao.words import Word


class ShareType(Word):
    """Share type (共享类型; 共享属性 in Order 809 Art. 14)."""

    UNCONDITIONAL = "unconditional", _("Shared unconditionally")
    CONDITIONAL = "conditional", _("Shared conditionally")
    WITHHELD = "withheld", _("Not shared")


class Format(Word):
    """Kind of the resource's form (信息资源格式, guide no. 7)."""

    DOCUMENT = "document", _("Electronic document")
    SPREADSHEET = "spreadsheet", _("Spreadsheet")
    DATABASE = "database", _("Database")
    IMAGE = "image", _("Image")
    STREAM = "stream", _("Streaming media")
    SELF_DESCRIBED = "self_described", _("Self-described format")
    SERVICE = "service", _("Service interface")


class ShareWay(Word):
    """How the data is handed over (共享方式, Order 809 Art. 22)."""

    SERVICE = "service", _("Service interface")
    BATCH = "batch", _("Batch exchange")
    FILE = "file", _("File download")


class OriginKind(Word):
    """Where the values of an item come from (来源方式)."""

    COLLECTED = "collected", _("Collected or produced by the department")
    COPIED = "copied", _("Taken from the source")
    PROCESSED = "processed", _("Produced by processing")


class UpdateCycle(Word):
    """Update cycle (更新频率; guide no. 11: 更新周期)."""

    REALTIME = "realtime", _("In real time")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    TEN_DAYS = "ten_days", _("Every ten days")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_yearly", _("Half-yearly")
    YEARLY = "yearly", _("Yearly")
    IRREGULAR = "irregular", _("Irregularly")


class SecurityLevel(Word):
    """Level of the data (数据分级, GB/T 43697-2024; general data in four sub-levels).

    Ordered from low to high.
    """

    GENERAL_1 = "general_1", _("General data, level 1")
    GENERAL_2 = "general_2", _("General data, level 2")
    GENERAL_3 = "general_3", _("General data, level 3")
    GENERAL_4 = "general_4", _("General data, level 4")
    IMPORTANT = "important", _("Important data")
    CORE = "core", _("Core data")

    @property
    def rank(self) -> int:
        """Place in the order, 0 the lowest: a resource is at least as
        high as its highest item (就高从严).
        """
        return list(type(self)).index(self)


class WithheldKind(Word):
    """The only bases for not sharing (Order 809, Art. 15): an express
    prohibition by one of these.
    """

    LAW = "law", _("Law")
    ADMINISTRATIVE_REGULATION = "administrative_regulation", _("Administrative regulation")
    STATE_COUNCIL_DECISION = "state_council_decision", _("Decision of the State Council")


class SecrecyConclusion(Word):
    """Conclusion of the secrecy risk assessment (保密风险评估).

    Secrets may not be registered here at all (Art. 3).
    """

    NO_SECRET = "no_secret", _("Contains no state or work secret")
    SECRET_FOUND = "secret_found", _("Contains a state or work secret")


class PrivacyConclusion(Word):
    """Conclusion of the personal information protection impact
    assessment (个人信息保护影响评估).
    """

    NO_PERSONAL_INFORMATION = "no_personal_information", _("Contains no personal information")
    ACCEPTABLE = "acceptable", _("Personal information, impact acceptable")
    NOT_ACCEPTABLE = "not_acceptable", _("Personal information, impact not acceptable")


class ResourceStatus(Word):
    """Where a resource is on its way into the catalogue."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned for correction")
    PUBLISHED = "published", _("Published")
    TAKEN_DOWN = "taken_down", _("Taken down")


class ReviewStep(Word):
    """The two steps of a review, in order (Order 809, Arts. 13 and 16)."""

    HEAD_CONSENT = "head_consent", _("Consent of the department head")
    ADMINISTRATION = "administration", _("Review by the data administration")
