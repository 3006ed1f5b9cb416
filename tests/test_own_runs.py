"""Whose runs are whose: owners change their own, strangers watch and copy, deletions come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.model_files import CARD, CONTENT
from trisym.errors import CheckpointError, ConfigError, TrisymError
from trisym.names import check_name
from trisym.storage import own_runs, saved_runs
from trisym.storage.checkpoints import load_card
from trisym.storage.home import size
from trisym.storage.visitors import OPERATOR, Visitor

ADA, BEN = Visitor("ada"), Visitor("ben")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path))
    return tmp_path


def kept(name: str = "a", owner: str = ADA.id, second: int = 0) -> saved_runs.Entry:
    return saved_runs.add(
        saved_runs.Entry(
            id=saved_runs.new_id(),
            name=name,
            status="finished",
            created=f"2026-01-01T00:00:{second:02d}+00:00",
            config=CARD.config,
            owner=owner,
        ),
        CONTENT,
        b"epoch,step\n1,8\n",
    )


CHANGES: dict[str, Callable[[Visitor, str], object]] = {
    "rename": lambda visitor, run: own_runs.rename(visitor, run, "mine now"),
    "pin": lambda visitor, run: own_runs.pin(visitor, run, True),
    "delete": lambda visitor, run: own_runs.delete(visitor, [run]),
    "clear": lambda visitor, _: own_runs.clear(visitor),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("owner", [ADA.id, ""], ids=["owned", "ownerless"])
def test_a_stranger_changes_nothing(change: str, owner: str) -> None:
    """The control: the operator may. What nobody owns is the operator's."""
    run = kept(owner=owner)
    for stranger in (BEN, Visitor("")):
        with pytest.raises(TrisymError, match="belongs to another browser"):
            CHANGES[change](stranger, run.id)
        assert saved_runs.entries() == [run]
    CHANGES[change](OPERATOR, run.id)
    assert saved_runs.entries() != [run]


@pytest.mark.parametrize("change", ["rename", "pin", "delete"])
def test_an_owner_changes_what_is_hers(change: str) -> None:
    run = kept()
    CHANGES[change](ADA, run.id)
    assert saved_runs.entries() != [run]


def test_rename_renames_the_card_too() -> None:
    run, _ = kept(), kept("b")
    own_runs.rename(ADA, run.id, "my model")
    assert load_card(saved_runs.model_path(run.id)).name == "my model"
    with pytest.raises(ConfigError, match="already"):
        own_runs.rename(ADA, run.id, "b")
    with pytest.raises(ConfigError, match="letters, digits"):
        own_runs.rename(ADA, run.id, "../up")


def test_a_pinned_run_stays() -> None:
    run, other = kept(), kept("b")
    own_runs.pin(ADA, run.id, True)
    with pytest.raises(TrisymError, match="unpin a first"):
        own_runs.delete(ADA, [other.id, run.id])
    assert len(saved_runs.entries()) == 2
    own_runs.pin(ADA, run.id, False)
    own_runs.delete(ADA, [other.id, run.id])
    assert saved_runs.entries() == []
    assert saved_runs.models() == {}


def test_a_visitor_pins_a_part_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, bens = kept(), kept("b"), kept("c", BEN.id)
    one = size(saved_runs.folder_of(first.id))
    monkeypatch.setattr(own_runs, "limit_bytes", lambda: 1.5 * one / own_runs.PINNED_SHARE)
    own_runs.pin(ADA, first.id, True)
    with pytest.raises(TrisymError, match="unpin another run first"):
        own_runs.pin(ADA, second.id, True)
    own_runs.pin(BEN, bens.id, True)
    own_runs.pin(OPERATOR, second.id, True)


def test_what_was_deleted_comes_back_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = kept("first", second=1), kept("second", second=2)
    gone = own_runs.delete(ADA, [first.id, second.id])
    assert [deletion.names for deletion in own_runs.deletions(ADA)] == [("first", "second")]
    assert own_runs.deletions(BEN) == []
    with pytest.raises(TrisymError, match="too late"):
        own_runs.undo(BEN, gone.id)
    own_runs.undo(ADA, gone.id)
    assert saved_runs.entries() == [second, first]
    assert own_runs.deletions(ADA) == []
    gone = own_runs.delete(ADA, [first.id])
    moment = own_runs.time.time() + own_runs.UNDO_S + 1
    monkeypatch.setattr(own_runs.time, "time", lambda: moment)
    with pytest.raises(TrisymError, match="too late"):
        own_runs.undo(ADA, gone.id)
    assert not list(saved_runs.deleted().iterdir())


def test_what_comes_back_finds_its_name_taken() -> None:
    gone = own_runs.delete(ADA, [kept().id])
    kept("a", BEN.id)
    (back,) = own_runs.undo(ADA, gone.id)
    assert back.name == "a-2"
    assert load_card(saved_runs.model_path(back.id)).name == "a-2"


def test_what_was_deleted_makes_room_first(monkeypatch: pytest.MonkeyPatch) -> None:
    run = kept()
    gone = own_runs.delete(ADA, [kept("b").id])
    one = size(saved_runs.folder_of(run.id))
    monkeypatch.setattr(saved_runs, "limit_bytes", lambda: 2.5 * one)
    kept("c")
    assert {each.name for each in saved_runs.entries()} == {run.name, "c"}
    with pytest.raises(TrisymError, match="too late"):
        own_runs.undo(ADA, gone.id)


def test_the_class_is_cleared_and_comes_back() -> None:
    adas, bens, pinned = kept("a"), kept("b", BEN.id), kept("c", BEN.id)
    own_runs.pin(BEN, pinned.id, True)
    gone = own_runs.clear(OPERATOR)
    assert [each.name for each in saved_runs.entries()] == ["c"]
    assert {each.id for each in own_runs.undo(OPERATOR, gone.id)} == {adas.id, bens.id}


def test_a_copy_is_the_copier_s_and_the_original_stays() -> None:
    run = kept()
    copied = own_runs.copy(BEN, run.id)
    assert (copied.owner, copied.name) == (BEN.id, "a-2")
    assert load_card(saved_runs.model_path(copied.id)).name == "a-2"
    assert saved_runs.history_bytes(copied.id) == saved_runs.history_bytes(run.id)
    own_runs.delete(BEN, [copied.id])
    assert saved_runs.entries() == [run]


def test_an_upload_is_kept_under_its_card() -> None:
    run = own_runs.upload(BEN, CONTENT, "mine.safetensors")
    assert (run.name, run.status, run.owner) == (CARD.name, "uploaded", BEN.id)
    assert run.metrics == CARD.metrics
    check_name(run.name)
    again = own_runs.upload(BEN, CONTENT, "mine.safetensors")
    assert load_card(saved_runs.model_path(again.id)).name == again.name == f"{CARD.name}-2"


def test_a_pickle_is_refused() -> None:
    with pytest.raises(CheckpointError, match=r"evil.pt: This is not a \.safetensors file"):
        own_runs.upload(BEN, b"\x80\x04\x95" + b"x" * 100, "evil.pt")
    assert saved_runs.entries() == []


def test_a_run_without_a_model_is_renamed_and_copied() -> None:
    """One that failed has a reason, and may have no more."""
    failed = replace(kept(), id=saved_runs.new_id(), name="failed", status="failed", note="why")
    failed = saved_runs.add(failed, None)
    assert own_runs.rename(ADA, failed.id, "other").note == "why"
    assert not own_runs.copy(BEN, failed.id).has_model
