"""What a line of a list template says: one row a column of its file, in the file's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuqiao.i18n import Message, _, pgettext


@dataclass(frozen=True, slots=True)
class LineField:
    """A column. ``also``: what people call it besides."""

    name: str
    label: Message
    width: int = 16
    is_required: bool = False
    also: tuple[str, ...] = ()


FIELDS: Final[Sequence[LineField]] = (
    LineField("kind", pgettext("template line", "Kind"), 12, also=("类型",)),
    LineField(
        "title",
        pgettext("template line", "Name"),
        32,
        is_required=True,
        also=("目录名称", "资源名称", "数据元名称", "事项"),
    ),
    LineField("definition", _("Definition"), 40, also=("说明", "摘要")),
    LineField("upper_code", _("Upper code"), 22, also=("上级代码", "资源代码", "目录代码", "代码")),
    LineField("element", _("Identifier of the data element"), 16, also=("数据元标识",)),
    LineField("items_text", _("Expected items"), 40, also=("数据项", "信息项")),
    LineField(
        "department",
        _("Suggested department"),
        24,
        also=("责任部门", "部门", "统一社会信用代码", "部门代码"),
    ),
    LineField("duty_no", _("Number of the duty"), 18, also=("职责", "职责代码")),
    LineField("matter", _("Service matter"), 24, also=("事项名称", "政务服务事项")),
)
LABELS: Final[Mapping[str, Message]] = {each.name: each.label for each in FIELDS}
