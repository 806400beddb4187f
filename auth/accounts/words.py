"""The languages an account may choose."""

from enum import StrEnum


class Language(StrEnum):
    """Languages of the pages."""

    ZH_CN = "zh_CN"
    EN = "en"
