"""``sq trail verify``: the verifier of the service, in the client's package."""

from pathlib import Path

import audit.verifier
import shuqiao_client.verifier


def test_the_two_packages_carry_the_same_verifier() -> None:
    """They know nothing of each other; what one finds, the other finds."""
    ours, theirs = (
        {
            path.name: path.read_text(encoding="utf-8").replace(each.__name__, "verifier")
            for path in Path(each.__file__ or "").parent.glob("*.py")
        }
        for each in (audit.verifier, shuqiao_client.verifier)
    )
    assert len(ours) > 5
    assert ours == theirs
