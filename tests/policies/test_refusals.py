"""The coded reasons: each with a basis, none that the order does not allow."""

from pathlib import Path

import pytest

from policies.files import FOLDER, read
from policies.refusals import TABLE_FILE, reasons, refusals
from policies.subset import PolicyRefused


def test_every_reason_has_texts_and_a_basis_with_articles() -> None:
    for refusal in refusals().values():
        assert refusal.zh.endswith("。")
        assert refusal.en.endswith(".")
        assert all(basis.articles and basis.instrument_zh for basis in refusal.basis)


def test_incomplete_material_is_no_reason_to_refuse() -> None:
    assert not [code for code in refusals() if "incomplete" in code or "material" in code]


def test_unconditional_data_is_refused_only_where_nothing_else_is_possible() -> None:
    codes = {code for code, refusal in refusals().items() if "unconditional" in refusal.share_types}
    assert codes == {
        "withheld_by_law",
        "item_not_in_catalogue",
        "access_suspended",
        "identity_not_confirmed",
    }


def test_a_legal_bar_must_quote_its_law() -> None:
    assert "legal_text" in refusals()["withheld_by_law"].needs


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('needs = ["remark"]', 'needs = ["remarks"]'),
        ('needs = ["remark"]', ""),
        ('share_types = ["conditional"]', 'share_types = ["withheld"]'),
        ('share_types = ["conditional"]', "share_types = []"),
        ('articles = ["3", "20"]', "articles = []"),
        ('basis = [{ instrument = "order_809", articles = ["19"] }]', "basis = []"),
        ("[refusal.data_not_held]", "[refusal.data_not_held]\nnote = 1"),
        ('instrument = "order_809"', 'instrument = "order_908"'),
    ],
)
def test_an_incomplete_table_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = (FOLDER / TABLE_FILE).read_text("utf-8")
    assert old in text
    (tmp_path / TABLE_FILE).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PolicyRefused):
        reasons(read(tmp_path))
