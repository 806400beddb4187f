"""An uploaded file, looked at in the limited child."""

from typing import Final

from shuqiao.arrow.intake.options import Preview, ReadOptions
from shuqiao.arrow.intake.readers import preview
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.uploads import Upload

_EMPTY: Final = FieldError(
    "/file", "empty_file", _("The file is empty"), _("Choose the file that holds the data.")
)


def look_at(upload: Upload, options: ReadOptions | None = None, *, keeps: bool = False) -> Preview:
    """What is in the file, found out in the limited child, read as ``options`` state; with
    ``keeps`` as :func:`~shuqiao.arrow.intake.readers.preview` says.

    Raises ``Invalid`` of an empty one, ``DecodeRefused`` or ``DecodeTooLarge``.
    """
    if upload.bytes == 0:
        raise Invalid(errors=[_EMPTY])
    return preview(upload.path, file_name=upload.file_name, options=options, keeps=keeps)
