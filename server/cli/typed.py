"""What was typed on the command line as the model that a service takes."""

from typing import Any


def model(kind: Any, /, **values: Any) -> Any:
    """``kind`` of what was typed; a problem ends the program with its field and its mending."""
    from pydantic import ValidationError

    from shuqiao.errors import Invalid
    from shuqiao.web.validation import field_errors

    try:
        return kind.model_validate(values)
    except ValidationError as wrong:
        errors = field_errors(wrong.errors(include_url=False, include_input=False))
        raise Invalid(errors=list(errors)) from None
