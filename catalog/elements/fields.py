"""What is said of a data element (数据元): one row a field.

The groups of its page and of its form, the columns of exports and of lists to import, what changed
between two versions and the interface reference derive from here. Order: that of the form.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from catalog.elements.words import DataType, Group, Sourcing, StandardKind
from shuqiao.codes.rules import CodeKind
from shuqiao.i18n import Message, _
from shuqiao.words import Word, Words, as_list, as_text, as_word

#: How a form asks for it.
Asked = Literal["line", "area", "number", "date", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementField:
    """One field. ``words`` gives the text of a kept value; ``kind``: the words to choose from."""

    name: str
    label: Message
    group: Group
    words: Words = as_text
    asked: Asked = "line"
    kind: type[Word] | None = None
    is_required: bool = False
    hint: Message | None = None
    width: int = 14
    #: What lists of others call it.
    also: tuple[str, ...] = ()

    @property
    def options(self) -> Sequence[tuple[str, Message]]:
        """What can be chosen."""
        return [(each.value, each.label) for each in self.kind or ()]


def _chosen(kind: type[Word]) -> dict[str, Any]:
    return {"asked": "choice", "kind": kind, "words": as_word(kind)}


FIELDS: Final[Sequence[ElementField]] = (
    ElementField(
        name="name",
        label=_("Name of the element"),
        group=Group.NAMING,
        is_required=True,
        width=24,
        also=("名称", "中文名称", "数据元", "name"),
    ),
    ElementField(
        name="name_en",
        label=_("English name"),
        group=Group.NAMING,
        width=24,
        also=("英文名", "name_en"),
    ),
    ElementField(
        name="synonyms",
        label=_("Synonyms"),
        group=Group.NAMING,
        words=as_list,
        hint=_("Other names for the same, one after the other by commas."),
        width=24,
        also=("同义名", "别名", "synonyms"),
    ),
    ElementField(
        name="object_class",
        label=_("Object class"),
        group=Group.NAMING,
        hint=_("Of what it says something, as 学校 in 学校代码."),
        also=("对象类词", "object_class"),
    ),
    ElementField(
        name="property_name",
        label=_("Property"),
        group=Group.NAMING,
        hint=_("What it says of it, as 在校生数."),
        also=("特性词", "property_name"),
    ),
    ElementField(
        name="representation",
        label=_("Representation term"),
        group=Group.NAMING,
        hint=_("As 代码, 名称, 日期, 金额."),
        also=("表示", "representation"),
    ),
    ElementField(
        name="definition",
        label=_("Definition"),
        group=Group.MEANING,
        asked="area",
        is_required=True,
        width=48,
        also=("说明", "定义与说明", "definition"),
    ),
    ElementField(
        name="sourcing",
        label=_("Kind of source"),
        group=Group.MEANING,
        hint=_("Whether a department keeps it for all, or it follows from others by a rule."),
        **_chosen(Sourcing),
        also=("确源类别", "sourcing"),
    ),
    ElementField(
        name="derivation",
        label=_("Rule of derivation"),
        group=Group.MEANING,
        asked="area",
        hint=_("For a derived element: from which elements, and how."),
        width=36,
        also=("派生规则", "derivation"),
    ),
    ElementField(
        name="data_type",
        label=_("Data type"),
        group=Group.FORM,
        **_chosen(DataType),
        is_required=True,
        also=("类型", "data_type"),
    ),
    ElementField(
        name="max_length",
        label=_("Longest, in characters"),
        group=Group.FORM,
        asked="number",
        hint=_("Of texts."),
        width=10,
        also=("长度", "数据长度", "max_length"),
    ),
    ElementField(
        name="precision",
        label=_("Digits in all"),
        group=Group.FORM,
        asked="number",
        hint=_("Of numbers, with those after the point."),
        width=10,
        also=("总位数", "precision"),
    ),
    ElementField(
        name="scale",
        label=_("Digits after the point"),
        group=Group.FORM,
        asked="number",
        width=10,
        also=("小数位", "scale"),
    ),
    ElementField(
        name="unit",
        label=_("Unit"),
        group=Group.FORM,
        hint=_("Of numbers, as 万元 or 人."),
        width=10,
        also=("单位", "unit"),
    ),
    ElementField(
        name="code_kind",
        label=_("Kind of code"),
        group=Group.FORM,
        hint=_("Codes of these kinds are checked digit by digit when data arrives."),
        **_chosen(CodeKind),
        also=("code_kind",),
    ),
    ElementField(
        name="domain",
        label=_("Value domain"),
        group=Group.FORM,
        hint=_("Identifier of the list of permitted codes, as VD-000001."),
        also=("值域标识符", "domain"),
    ),
    ElementField(
        name="counting_rule",
        label=_("What is counted"),
        group=Group.COUNTING,
        asked="area",
        hint=_("What a figure includes, and what not."),
        width=36,
        also=("口径", "counting_rule"),
    ),
    ElementField(
        name="time_point",
        label=_("Moment"),
        group=Group.COUNTING,
        hint=_("At which moment it is counted, as 学年初."),
        also=("统计时点", "time_point"),
    ),
    ElementField(
        name="reporting_period",
        label=_("Reporting period"),
        group=Group.COUNTING,
        hint=_("Of which period, as 年 or 月."),
        also=("统计周期", "reporting_period"),
    ),
    ElementField(
        name="aggregation_level",
        label=_("Level of aggregation"),
        group=Group.COUNTING,
        hint=_("Up to which level it is summed, as 旗县区."),
        also=("汇总级别", "aggregation_level"),
    ),
    ElementField(
        name="standard_kind",
        label=_("Kind of standard"),
        group=Group.STANDARD,
        **_chosen(StandardKind),
        also=("标准类别", "standard_kind"),
    ),
    ElementField(
        name="standard_no",
        label=_("Standard number"),
        group=Group.STANDARD,
        hint=_("For example GB/T 2260."),
        width=18,
        also=("标准号", "标准编号", "standard_no"),
    ),
    ElementField(
        name="standard_edition",
        label=_("Edition of the standard"),
        group=Group.STANDARD,
        also=("版本", "标准年代号", "standard_edition"),
    ),
    ElementField(
        name="in_force_from",
        label=_("In force from"),
        group=Group.STANDARD,
        asked="date",
        width=12,
        also=("实施日期", "in_force_from"),
    ),
)
#: By name.
NAMED: Final = {each.name: each for each in FIELDS}
#: Names of a kind of field.
Picked = Callable[[ElementField], bool]


def names(of: Picked = lambda _each: True) -> list[str]:
    """The names of the fields, or of some of them, in their order."""
    return [each.name for each in FIELDS if of(each)]
