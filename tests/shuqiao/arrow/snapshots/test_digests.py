import hashlib

import pyarrow as pa
import pytest

from shuqiao.arrow.snapshots.canonical import digest_column
from shuqiao.arrow.snapshots.digests import ColumnRoot, MerkleTree, merkle_root, table_root

# The eight entries and roots of the test data that certificate
# transparency logs are checked with (RFC 6962).
ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
TABLE_ROOT = "f0383e668a859a272c3536f4ea5b3a3f63111a3e7033598abb4582e6570077e0"


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, as written there: split at the largest power of two below the size."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(
        b"\1" + by_definition(leaves[:split]) + by_definition(leaves[split:])
    ).digest()


def test_roots_are_those_of_the_standard() -> None:
    tree = MerkleTree()
    roots = [tree.root().hex()]
    for entry in ENTRIES:
        tree.add(leaf(bytes.fromhex(entry)))
        roots.append(tree.root().hex())

    assert roots == ROOTS


def test_every_size_follows_the_definition() -> None:
    leaves = [leaf(bytes([place])) for place in range(130)]

    for size in range(len(leaves)):
        assert merkle_root(leaves[:size]) == by_definition(leaves[:size])


def test_nodes_cannot_pass_for_leaves() -> None:
    left, right = leaf(b"a"), leaf(b"b")

    assert merkle_root([leaf(left + right)]) != merkle_root([left, right])


def test_table_root_is_that_of_the_protocol() -> None:
    text = merkle_root([digest_column(pa.array(["数桥", None, ""])).leaf])
    number = merkle_root([digest_column(pa.array([1, None, -1], pa.int16())).leaf])

    assert (
        table_root(
            [ColumnRoot("学校代码", "utf8", text), ColumnRoot("n", "int16", number)], 3
        ).hex()
        == TABLE_ROOT
    )


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([ColumnRoot("b", "utf8", b"1" * 32), ColumnRoot("a", "utf8", b"2" * 32)], 3),
        ([ColumnRoot("a", "binary", b"1" * 32), ColumnRoot("b", "utf8", b"2" * 32)], 3),
        ([ColumnRoot("a", "utf8", b"2" * 32), ColumnRoot("b", "utf8", b"1" * 32)], 3),
        ([ColumnRoot("a", "utf8", b"1" * 32), ColumnRoot("b", "utf8", b"2" * 32)], 4),
        ([ColumnRoot("a", "utf8", b"1" * 32)], 3),
    ],
)
def test_name_type_order_and_rows_are_bound(columns: list[ColumnRoot], rows: int) -> None:
    usual = [ColumnRoot("a", "utf8", b"1" * 32), ColumnRoot("b", "utf8", b"2" * 32)]

    assert table_root(columns, rows) != table_root(usual, 3)
