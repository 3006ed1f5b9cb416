"""Tokens of browsers and the operator's key: made once, never guessed, and bound to one server."""

from __future__ import annotations

import stat
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trisym.errors import ConfigError, TrisymError
from trisym.storage import visitors
from trisym.storage.home import HOME


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME, str(tmp_path))
    for name in (visitors.KEY, visitors.SECRET):
        monkeypatch.delenv(name, raising=False)
    visitors._wrong.clear()
    return tmp_path


def test_a_token_is_read_by_its_server_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor_id = visitors.new_id()
    token, mark = visitors.token(visitor_id), visitors.mark()
    assert visitors.read_token(token) == visitor_id
    monkeypatch.setenv(HOME, str(tmp_path / "another"))
    assert visitors.read_token(token) is None
    assert visitors.mark() != mark


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_what_this_server_did_not_sign_is_nobody(text: str) -> None:
    assert visitors.read_token(text) is None
    assert not visitors.is_pass(text, visitors.new_id())


def test_a_changed_token_is_nobody() -> None:
    """Its last letter too, whose lowest bits Base64 leaves unused."""
    token = visitors.token("0123456789abcdef")
    letters = string.ascii_letters + string.digits + "-_"
    for place in range(len(token)):
        for other in letters if place == len(token) - 1 else letters[:2]:
            if other != token[place]:
                assert visitors.read_token(token[:place] + other + token[place + 1 :]) is None


def test_a_token_is_no_pass_and_a_pass_is_one_browser_s(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, others = visitors.new_id(), visitors.new_id()
    known = visitors.pass_for(mine)
    assert visitors.is_pass(known, mine)
    assert not visitors.is_pass(known, others)
    assert not visitors.is_pass(visitors.token(mine), mine)
    assert visitors.read_token(known) is None
    monkeypatch.setenv(visitors.KEY, "another key")
    assert not visitors.is_pass(known, mine)


def test_the_secret_stays_with_the_library_and_is_its_owner_s_alone(home: Path) -> None:
    token = visitors.token("0123")
    key = visitors.operator_key()
    visitors._kept_secret.cache_clear()  # as a server that is started again
    assert visitors.read_token(token) == "0123"
    assert visitors.operator_key() == key
    assert stat.S_IMODE((home / visitors.FILE).stat().st_mode) == 0o600


def test_a_library_that_cannot_be_written_still_knows_its_visitors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(HOME, str(tmp_path / "file" / "library"))
    assert visitors.read_token(visitors.token("0123")) == "0123"


def test_the_key_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(visitors.KEY, " correct horse ")
    assert visitors.is_key("correct horse")
    assert not visitors.is_key("correct hors")
    assert not visitors.is_key("")
    monkeypatch.setenv(visitors.KEY, "short")
    with pytest.raises(ConfigError, match="at least 8 characters"):
        visitors.is_key("short")


def test_guessing_is_slowed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = visitors.time.monotonic()
    for _ in range(visitors.TRIES):
        assert not visitors.is_key("a guess")
    with pytest.raises(TrisymError, match="wait a minute"):
        visitors.is_key(visitors.operator_key())
    monkeypatch.setattr(visitors.time, "monotonic", lambda: now + visitors.TRIES_S + 1)
    assert visitors.is_key(visitors.operator_key())
