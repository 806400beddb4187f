"""Under what a caller is counted."""

import pytest

from shuqiao.context import client_network, working_on


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("testclient", "testclient"),
        ("x" * 100, "x" * 45),
        (None, "nowhere"),
    ],
)
def test_an_address_is_itself_and_of_ipv6_its_network(address: str | None, counted: str) -> None:
    with working_on(client_ip=address):
        assert client_network() == counted
