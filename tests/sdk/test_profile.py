import json
import logging
import os
import stat
from pathlib import Path

import pytest

from shuqiao_client import Client, Profile
from shuqiao_client.errors import ProfileRefused
from shuqiao_client.profile import locate
from tests.sdk.conftest import TOKEN
from tests.sdk.stand_in import StandIn


def written(path: Path, mode: int = 0o600, **changed: object) -> Path:
    path.write_text(json.dumps({"endpoint": "https://shuqiao.example", "token": TOKEN, **changed}))
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o610])
def test_a_profile_others_can_touch_is_refused_with_the_command_that_helps(
    tmp_path: Path, mode: int
) -> None:
    path = written(tmp_path / "我的 profile.json", mode)
    with pytest.raises(ProfileRefused) as refused:
        Profile.load(path)
    assert refused.value.code == "profile_readable_by_others"
    assert f"chmod 600 '{path}'" in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_the_argument_wins_over_the_environment_and_that_over_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert locate() == tmp_path / ".config/shuqiao/profile.json"
    monkeypatch.setenv("SHUQIAO_PROFILE", str(tmp_path / "named.json"))
    assert locate() == tmp_path / "named.json"
    assert locate(tmp_path / "given.json") == tmp_path / "given.json"


def test_a_missing_profile_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ProfileRefused, match="sq auth login") as refused:
        Profile.load(tmp_path / "none.json")
    assert refused.value.code == "profile_missing"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"endpoint": 1, "token": "x"}', "not json", '{"token": "sq_12345678"}'],
)
def test_a_malformed_profile_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profile.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ProfileRefused):
        Profile.load(path)


@pytest.mark.parametrize(
    "endpoint",
    ["shuqiao.example", "ftp://x.example", "https://", "https://u:p@x.example", "https://x/?a=1"],
)
def test_an_address_that_is_none_is_refused(endpoint: str) -> None:
    with pytest.raises(ProfileRefused):
        Profile(endpoint, TOKEN)


@pytest.mark.parametrize("token", ["", "abc", "sq_", "sq_with blank in it", "sq_two\nlines____"])
def test_a_token_that_is_none_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ProfileRefused) as refused:
        Profile("https://shuqiao.example", token)
    assert len(token) < 4 or token not in str(refused.value)


@pytest.mark.parametrize(
    "endpoint", ["https://x.example/", "https://x.example/api/v1", "https://x.example/api/v1/"]
)
def test_the_address_may_be_given_with_the_api_s_path(endpoint: str) -> None:
    assert Profile(endpoint, TOKEN).endpoint == "https://x.example"


def test_a_saved_profile_is_private_whatever_the_umask_and_replaces_the_old_one(
    tmp_path: Path,
) -> None:
    target = tmp_path / "new" / "profile.json"
    before = os.umask(0)
    try:
        Profile("https://old.example", TOKEN).save(target)
        Profile("https://new.example", TOKEN).save(target)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert Profile.load(target).endpoint == "https://new.example"
    assert [path.name for path in target.parent.iterdir()] == ["profile.json"]


def test_the_token_is_in_no_repr_and_no_log(
    service: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    profile = Profile(service.origin, TOKEN)
    with Client(profile) as client, pytest.raises(Exception, match="not_found") as error:
        client.me()
    shown = [
        repr(profile),
        str(profile),
        repr(client),
        repr(vars(client)),
        repr(error.value),
        caplog.text,
    ]
    assert caplog.text
    assert not [text for text in shown if "a-secret" in text]
    assert service.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
