"""The stored form of previews and reading options: what is kept must be read, and written so again.

The child that decodes imports this module, so it may not cost it pydantic.
"""

import json
import subprocess
import sys
from typing import Any, Final

from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions

OPTIONS: Final = {
    "encoding": "gb18030",
    "delimiter": ",",
    "header_row": 2,
    "types": {"学生数": "integer"},
    "drop_columns": ["备注"],
    "null_values": ["无"],
    "sheet": None,
    "header_rows": 2,
    "skip_last": 1,
    "fill_down": ["学生数"],
    "skip_hidden_rows": True,
}
#: As it stands in ``attachment.preview``.
PREVIEW: Final[dict[str, Any]] = {
    "kind": "csv",
    "options": OPTIONS,
    "confidence": 0.97,
    "columns": [
        {
            "name": "学校代码",
            "original_name": "学校 代码",
            "proposed_type": "string",
            "null_count": 0,
            "samples": ["01501", "01502"],
            "note": {"msgid": "%(count)s values begin with 0", "params": {"count": 2}},
            "is_personal": False,
        },
        {
            "name": "学生数",
            "original_name": "学生数",
            "proposed_type": "integer",
            "null_count": 1,
            "samples": [],
            "note": None,
            "is_personal": True,
        },
    ],
    "rows": [["01501", "1200"], ["01502", None]],
    "row_count": 2,
    "warnings": [
        {
            "msgid": "%(why)s",
            "params": {"why": {"msgid": "Line %(line)s", "params": {"line": 3}}},
        }
    ],
    "head": [["学校 代码", None]],
    "sheets": [{"name": "一月", "rows": 3, "columns": 2, "is_hidden": True}],
    "readings": [{"encoding": "cp950", "names": ["名稱"], "values": [[2, "九中"]]}],
    "last_rows": [[3, ["01502", None]]],
    "problem": {"msgid": "No table", "params": {}},
    "reason": "not_a_table",
}


def test_what_is_stored_is_read_and_written_as_it_was() -> None:
    stored = json.dumps(PREVIEW, ensure_ascii=False)
    assert json.dumps(Preview.from_json(json.loads(stored)).to_json(), ensure_ascii=False) == stored
    options = ReadOptions.from_json(OPTIONS)
    assert json.dumps(options.to_json()) == json.dumps(OPTIONS)
    assert json.dumps(ReadOptions().to_json()) == (
        '{"encoding": null, "delimiter": null, "header_row": null, "types": {}, '
        '"drop_columns": null, "null_values": [], "sheet": null, "header_rows": null, '
        '"skip_last": 0, "fill_down": [], "skip_hidden_rows": false}'
    )


def test_what_was_stored_before_there_were_heads_sheets_and_readings_is_read() -> None:
    later = ("head", "sheets", "readings", "last_rows", "problem", "reason")
    old = {name: value for name, value in PREVIEW.items() if name not in later}
    new = {name: [] for name in later[:4]} | {"problem": None, "reason": None}
    assert Preview.from_json(old).to_json() == old | new


def test_limits_travel_under_their_names() -> None:
    limits = DecodeLimits(rows=7)
    assert DecodeLimits(**limits.to_json()) == limits
    assert limits.to_json()["rows"] == 7


def test_the_decoding_child_and_the_client_import_no_library_of_schemas() -> None:
    for module in ("shuqiao.arrow.intake.previews", "shuqiao_client.cli"):
        program = f"import sys, {module}; print({{'pydantic', 'msgspec'}} & set(sys.modules))"
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
        assert ran.stdout.decode().strip() == "set()", module
