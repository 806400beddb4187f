"""Days as people write them, brought to the one form that the house writes and reads: 2026-01-20.

Only for what is typed into pages; programs say ISO 8601.
"""

import re
import unicodedata
from typing import Final

#: 2026-1-20, 2026/1/20, 2026.1.20, 2026年1月20日 (also 号, or without), 20260120; any dash.
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        r"(\d{4})\s*[-‐‑–—−/.]\s*(\d{1,2})\s*[-‐‑–—−/.]\s*(\d{1,2})",
        r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?",
        r"(\d{4})(\d{2})(\d{2})",
    )
)


def iso_day(text: str) -> str:
    """``text`` as 2026-01-20 where it is a day in one of the usual forms, whether or not the
    calendar has it; anything else as it is, for the model to refuse.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for form in _FORMS:
        if found := form.fullmatch(plain):
            year, month, day = found.groups()
            return f"{year}-{int(month):02d}-{int(day):02d}"
    return text
