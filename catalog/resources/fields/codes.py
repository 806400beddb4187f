"""How the codes are written by which an entry points at others."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

from shuqiao.i18n import _
from shuqiao.texts import CodeText, TextRule

#: Class code, stroke, sequence number (guide no. 3).
CODE_PATTERN: Final = "^[123][0-9]{5}[0-9]*/[0-9]+$"
_CODE: Final = re.compile(CODE_PATTERN)
_ELEMENT: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}")


def _resource_code(text: str) -> str:
    code = text.replace("-", "/")
    if text and not _CODE.fullmatch(code):
        raise ValueError(_("This is not a resource code"), _("Write it as 307001/000001."))
    return code


def _lineage_code(text: str) -> str:
    if _ELEMENT.fullmatch(text.upper()):
        return text.upper()
    code = text.replace("-", "/")
    if not _CODE.fullmatch(code):
        raise ValueError(
            _("This is neither a data element nor a resource"),
            _("Write the identifier of an element, DE-000001, or a resource code, 307001/000001."),
        )
    return code


#: Either spelling of a resource code, or nothing.
RelatedCode = Annotated[str, TextRule(40, shortest=0, code=True), AfterValidator(_resource_code)]
#: The code that the level above gave to the entry (上级目录代码), in whatever form it has there.
UpperCode = Annotated[str, TextRule(60, shortest=0, code=True)]
#: The code of a resource, in either spelling.
ResourceCode = Annotated[CodeText, AfterValidator(_resource_code)]
#: A data element or a data resource that something was made from.
LineageCode = Annotated[CodeText, AfterValidator(_lineage_code)]
