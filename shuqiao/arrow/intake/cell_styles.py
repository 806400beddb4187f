"""Number formats of a workbook without which a value is not what a clerk sees: numbers shown with
leading zeros, and numbers shown as percent. Runs in the child.
"""

import re
from collections.abc import Iterable
from typing import Final

#: A number format of nothing but zeros shows 501 as 00501.
_ZEROS: Final = re.compile(r'"?(0{2,30})"?(?:;.*)?')
#: One with a percent sign that is no quoted text shows 0.475 as 47.5%.
_PERCENT: Final = re.compile(r'(?:"[^"]*"|[^"%])*%')
#: The two formats for percent that every workbook has without saying so.
_BUILT_IN: Final = {"9", "10"}
#: Stands for "shown as percent" where digits shown are counted.
PERCENT: Final = -1


def styles_of(elements: Iterable[tuple[str, dict[str, str]]]) -> dict[bytes, int]:
    """Of the elements of ``styles.xml``: cell styles by number, with the digits they fill up with
    zeros, or ``PERCENT``; other styles are left out.
    """
    formats: dict[str, int] = dict.fromkeys(_BUILT_IN, PERCENT)
    styles: list[str] = []
    is_cell_style = False
    for tag, at in elements:
        if tag in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            is_cell_style = tag == "cellXfs"
        elif tag == "numFmt":
            code = at.get("formatCode", "")
            if zeros := _ZEROS.fullmatch(code):
                formats[at.get("numFmtId", "")] = len(zeros[1])
            elif _PERCENT.match(code.partition(";")[0]):
                formats[at.get("numFmtId", "")] = PERCENT
        elif tag == "xf" and is_cell_style:
            styles.append(at.get("numFmtId", ""))
    return {str(n).encode(): formats[style] for n, style in enumerate(styles) if style in formats}
