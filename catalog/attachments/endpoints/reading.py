"""How a file is to be read, stated in the form that brings it: before anybody looked at it."""

from typing import Annotated, Any, Final

from fastapi import Depends
from pydantic import ValidationError
from starlette.requests import Request

from catalog.attachments.schemas import ReadingCreate
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.web.bodies import FILE_BODY, MULTIPART, sent_form

_TEXT: Final = {
    "type": "string",
    "contentMediaType": "application/json",
    "contentSchema": {"$ref": "#/components/schemas/ReadingCreate"},
    "title": "Reading",
}
_FILE: Final = FILE_BODY["requestBody"]["content"][MULTIPART]["schema"]
_SCHEMA: Final = {**_FILE, "properties": {**_FILE["properties"], "reading": _TEXT}}
#: The body of a file with, beside it, how it is to be read.
READING_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {MULTIPART: {"schema": _SCHEMA}}}
}


async def stated_reading(request: Request) -> ReadingCreate:
    """The field ``reading`` of the form; nothing is stated without one. Raises ``Invalid``."""
    form = await sent_form(request)
    text = next((text for name, text in form.texts if name == "reading"), None)
    try:
        return ReadingCreate() if text is None else ReadingCreate.model_validate_json(text)
    except ValidationError as error:
        fix = _("Give the reading options as JSON, as for reading a file another way.")
        errors = [
            FieldError(
                "/reading" + "".join(f"/{part}" for part in each["loc"]),
                "options",
                _("The reading options cannot be used."),
                fix,
            )
            for each in error.errors()
        ]
        raise Invalid(errors=errors) from None


StatedDep = Annotated[ReadingCreate, Depends(stated_reading)]
