"""What the tests of backups share."""

from pathlib import Path

import pytest
from fixtures.backed_up import PASSPHRASE, here, there

__all__ = ["here", "there"]


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return file
