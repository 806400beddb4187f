"""Duties as they are written and read."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel

from auth.duties.models import Duty
from shuqiao.texts import ShortText, Strict, TextRule, example

OptionalNumber = Annotated[str, TextRule(100, shortest=0)]


class DutyRecord(Strict):
    """A duty (三定职责) in the words of the document that gives it."""

    model_config = example(
        text="负责全区基础教育学籍和办学条件信息的采集、管理",
        document="内蒙古自治区教育厅职能配置、内设机构和人员编制规定",
        document_no="内党办字〔2024〕12号",
        article="第三条第（四）项",
        valid_from="2024-03-01",
    )

    text: Annotated[str, TextRule(1000, multiline=True)]
    document: ShortText
    document_no: OptionalNumber = ""
    article: OptionalNumber = ""
    valid_from: date


class DutyEnd(Strict):
    """The last day of a duty."""

    model_config = example(valid_until="2026-02-10")

    valid_until: date


class DutyRead(BaseModel):
    """A duty as everybody reads it."""

    duty_no: str
    text: str
    document: str
    document_no: str
    article: str
    valid_from: date
    valid_until: date | None

    @classmethod
    def of(cls, duty: Duty) -> "DutyRead":
        return cls(**{name: getattr(duty, name) for name in cls.model_fields})
