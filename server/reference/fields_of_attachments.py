"""Labels of the fields that only attached files have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

OF_ATTACHMENTS: Final[Mapping[str, Message]] = {
    "cells": _("The cells of the row as text"),
    "drop_columns": _("Columns left out"),
    "fill_down": _("Columns whose empty cells take the value above them"),
    "header_row": _("Number of the row with the column names; 0 for none"),
    "header_rows": _("How many rows are joined to the column names"),
    "last_rows": _("Last rows as text, with their numbers"),
    "null_values": _("Texts that mean an empty value"),
    "preview_rows": _("First rows as text"),
    "problem": _("Why the file cannot be read this way"),
    "reading": _("How the file is to be read, as JSON"),
    "skip_hidden_rows": _("Whether rows hidden in the workbook are left out"),
    "skip_last": _("How many rows are left out at the end"),
}
