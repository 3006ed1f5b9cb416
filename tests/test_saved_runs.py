"""The library: what is kept comes back, it stays within its bound, and says what is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save as save_arrays

import trisym.film
from trisym.config import FitConfig, as_dict
from trisym.datasets import DataConfig
from trisym.errors import ConfigError, TrisymError
from trisym.film import MOST_FRAMES, NUMBERS, POINTS, Film, Frame, Sampler
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.storage import results, saved_runs
from trisym.storage.cards import Card
from trisym.storage.checkpoints import load_card, save

CONFIG = FitConfig(network=AutoencoderConfig(hidden=(4,)), data=DataConfig(n=1000), batch=100)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path / "library"))
    return tmp_path / "library"


@pytest.fixture
def model(tmp_path: Path) -> bytes:
    network = Autoencoder(CONFIG.network)
    for parameter in network.parameters():
        parameter.data.fill_(0.1)
    card = Card("mine", CONFIG, 1.0, 8, 0.1, "CPU", {"side_error": 0.1})
    save(network, card, tmp_path / "m.safetensors")
    return (tmp_path / "m.safetensors").read_bytes()


def entry(name: str, second: int = 0, **fields: object) -> saved_runs.Entry:
    made = saved_runs.Entry(
        id=saved_runs.new_id(),
        name=name,
        status="finished",
        created=f"2026-01-01T00:00:{second:02d}+00:00",
        config=CONFIG,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def test_what_is_added_comes_back(model: bytes) -> None:
    kept = saved_runs.add(entry("a", changes=((5, 0.1),)), model, b"epoch,step\n1,8\n", b"")
    found = saved_runs.get(kept.id)
    assert found == kept
    assert saved_runs.model_bytes(kept.id) == model
    assert saved_runs.history(kept.id)["step"].tolist() == [8]
    assert saved_runs.models() == {kept.id: saved_runs.model_path(kept.id)}
    assert load_card(saved_runs.model_path(kept.id)).config == CONFIG
    with pytest.raises(TrisymError, match="has no snapshots"):
        saved_runs.film(kept.id)


def test_the_newest_comes_first_and_names_are_unique(model: bytes) -> None:
    saved_runs.add(entry("a", 1), model)
    saved_runs.add(entry("a", 3), model)
    saved_runs.add(entry("b", 2), model)
    assert [each.name for each in saved_runs.entries()] == ["a-2", "b", "a"]
    assert list(saved_runs.models()) == [each.id for each in saved_runs.entries()]


def test_a_shipped_name_is_taken(
    model: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PRETRAINED", tmp_path)
    assert saved_runs.add(entry("m"), model).name == "m-2"


def test_the_oldest_unpinned_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(saved_runs.LIMIT, "1")
    saved_runs.add(entry("oldest pinned", 1, pinned=True), None, b"x" * 300_000)
    saved_runs.add(entry("old", 2), None, b"x" * 300_000)
    saved_runs.add(entry("new", 3), None, b"x" * 300_000)
    saved_runs.add(entry("newest", 4), None, b"x" * 300_000)
    assert [e.name for e in saved_runs.entries()] == ["newest", "new", "oldest pinned"]


def test_who_has_most_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """One visitor who fills the library pushes nobody else's runs out of it."""
    monkeypatch.setenv(saved_runs.LIMIT, "1")
    saved_runs.add(entry("old", 1, owner="quiet"), None, b"x" * 200_000)
    for second in range(2, 8):
        saved_runs.add(entry(f"hog {second}", second, owner="hog"), None, b"x" * 200_000)
    assert [e.name for e in saved_runs.entries()] == ["hog 7", "hog 6", "hog 5", "old"]


def test_runs_that_are_not_over_count(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(saved_runs.LIMIT, "1")
    saved_runs.add(entry("a", 1), None, b"x" * 300_000)
    (home / "scratch" / "server" / "run").mkdir(parents=True)
    (home / "scratch" / "server" / "run" / "1.state").write_bytes(b"x" * 500_000)
    saved_runs.add(entry("b", 2), None, b"x" * 300_000)
    assert [e.name for e in saved_runs.entries()] == ["b"]
    with pytest.raises(TrisymError, match="being trained"):
        saved_runs.add(entry("c", 3), None, b"x" * 600_000)


def test_what_a_killed_server_left_half_written_is_swept(home: Path, model: bytes) -> None:
    kept = saved_runs.add(entry("a"), model)
    half, fresh = home / "runs" / "00000001", home / "runs" / "00000002"
    for folder in (half, fresh):
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(model)
    leftover = home / "runs" / kept.id / ".run.json.abc"
    leftover.write_text("{", encoding="utf-8")
    for path in (half, leftover):
        os.utime(path, (0, 0))
    saved_runs.sweep()
    assert {folder.name for folder in (home / "runs").iterdir()} == {kept.id, fresh.name}
    assert not leftover.exists()


def test_a_name_that_was_taken_meanwhile_is_on_the_card_too(model: bytes) -> None:
    saved_runs.add(entry("mine"), model)
    second = saved_runs.add(entry("mine"), model)
    assert second.name == "mine-2"
    assert load_card(saved_runs.model_path(second.id)).name == "mine-2"


def test_a_library_of_pinned_runs_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(saved_runs.LIMIT, "1")
    saved_runs.add(entry("a", 1, pinned=True), None, b"x" * 600_000)
    with pytest.raises(TrisymError, match="Unpin or delete"):
        saved_runs.add(entry("b", 2), None, b"x" * 600_000)
    assert len(saved_runs.entries()) == 1


@pytest.mark.parametrize("text", ["0", "nan", "many"])
def test_the_limit_must_be_a_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(saved_runs.LIMIT, text)
    with pytest.raises(ConfigError, match="number of megabytes"):
        saved_runs.limit_bytes()


@pytest.mark.parametrize("run_id", ["", "../../etc", "0123456", "zzzzzzzz", "01234567"])
def test_a_strange_id_is_no_run(run_id: str) -> None:
    assert saved_runs.find(run_id) is None
    with pytest.raises(TrisymError, match="no run"):
        saved_runs.get(run_id)


def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: bytes
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path / "file" / "library"))
    with pytest.raises(TrisymError, match="can't be written"):
        saved_runs.check_writable()
    with pytest.raises(TrisymError, match="can't be written"):
        saved_runs.add(entry("a"), model)
    assert saved_runs.entries() == []


def test_a_full_disk_leaves_nothing_half(
    home: Path, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.name == "run.json":
            raise TrisymError(f"{path} can't be written: No space left on device.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(saved_runs, "write_atomically", full)
    with pytest.raises(TrisymError, match="No space left"):
        saved_runs.add(entry("a"), model)
    assert list((home / "runs").iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"config": {"loss": "sides"}},
        {"config": {**as_dict(CONFIG), "batch": 10**9}},
        {"config": {**as_dict(CONFIG), "network": {"kind": "transformer"}}},
        {"metrics": {"side_error": "small"}},
        {"changes": [[1]]},
        {"epochs": True},
        {"name": None},
    ],
)
def test_a_damaged_run_is_left_out(home: Path, model: bytes, change: dict[str, object]) -> None:
    """The control is the run before the change, and the one beside it."""
    kept, other = (saved_runs.add(entry(name), model) for name in "ab")
    file = home / "runs" / kept.id / "run.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    assert len(saved_runs.entries()) == 2
    for text in (json.dumps({**values, **change}), "[1]", "{", '{"name": NaN}', "[" * 20_000):
        file.write_text(text, encoding="utf-8")
        assert saved_runs.entries() == [other]
        assert saved_runs.find(kept.id) is None


def test_a_run_of_another_version_is_read(home: Path, model: bytes) -> None:
    """Entries of a later trisym are left out, and those that an earlier one lacked get defaults."""
    kept = saved_runs.add(entry("a"), model)
    file = home / "runs" / kept.id / "run.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    del values["threads"]
    values["later"] = 1
    file.write_text(json.dumps(values), encoding="utf-8")
    assert saved_runs.entries() == [kept]


def frame(step: float, nodes: int = 3) -> Frame:
    rng = np.random.default_rng(int(step))
    return Frame(np.arange(len(NUMBERS)) + step, rng.normal(size=(POINTS, nodes)))


@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_a_frame_survives_packing(nodes: int) -> None:
    """To half a step of 1/65535 of a node's range."""
    before = frame(3.0, nodes)
    after = Frame.unpack(before.pack())
    assert (after.numbers == before.numbers).all()
    bound = np.ptp(before.latents, axis=0) / 65_535 * 0.51
    assert (np.abs(after.latents - before.latents) <= bound).all()


def test_a_dead_latent_packs() -> None:
    dead = Frame(np.zeros(len(NUMBERS)), np.full((POINTS, 2), 1.5))
    assert (Frame.unpack(dead.pack()).latents == 1.5).all()


def test_a_film_survives_its_file() -> None:
    film = Film([frame(step).pack() for step in (0.0, 5.0, 9.0)])
    assert Film.from_bytes(film.to_bytes()).frames == film.frames
    assert film.steps == [1.0, 6.0, 10.0]  # NUMBERS has `step` in the second place
    assert len(film.until(6.0).frames) == 2
    with pytest.raises(TrisymError, match="no film"):
        Film.from_bytes(b"nothing")


def test_a_film_that_grows_while_it_is_cut_is_cut_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An app that takes up its runs cuts their films while workers send frames."""
    told, curve = Film([frame(step).pack() for step in (0.0, 5.0)]), trisym.film.curve

    def meanwhile(frames: list[bytes]) -> np.ndarray:
        found = curve(frames)
        told.frames.append(frame(9.0).pack())
        return found

    monkeypatch.setattr(trisym.film, "curve", meanwhile)
    assert told.until(1.0).frames == told.frames[:1]


def older(film: Film, numbers: Sequence[str]) -> bytes:
    """The file of a film whose frames begin with these numbers only."""
    known, all_of_them = 8 * len(numbers), 8 * len(NUMBERS)
    rows = [frame[:known] + frame[all_of_them:] for frame in film.frames]
    array = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)
    about = json.dumps({"numbers": list(numbers)})
    return save_arrays({"frames": array.copy()}, metadata={"film": about})


def test_a_film_from_before_the_spectrum_is_read() -> None:
    film = Film([frame(step).pack() for step in (0.0, 5.0)])
    read = Film.from_bytes(older(film, NUMBERS[:8]))
    for before, after in zip(film.frames, read.frames, strict=True):
        one, other = Frame.unpack(before), Frame.unpack(after)
        np.testing.assert_array_equal(other.numbers[:8], one.numbers[:8])
        assert np.isnan(other.numbers[8:]).all()
        np.testing.assert_array_equal(other.latents, one.latents)
    assert Film.from_bytes(older(film, NUMBERS)).frames == film.frames


def test_a_film_of_other_numbers_is_refused() -> None:
    film = Film([frame(0.0).pack()])
    with pytest.raises(TrisymError, match="another version"):
        Film.from_bytes(older(film, ("epoch", "pace")))
    without = save_arrays({"frames": np.zeros((1, 8), np.uint8)}, metadata={"film": "{}"})
    with pytest.raises(TrisymError, match="no film"):
        Film.from_bytes(without)


@pytest.mark.parametrize("moments", [10, 500, 20_000])
def test_takes_are_bounded_and_denser_early(moments: int) -> None:
    takes = Sampler(MOST_FRAMES)
    kept = [i / moments for i in range(moments + 1) if takes.due(i / moments)]
    assert len(kept) <= MOST_FRAMES
    assert kept[0] == 0
    assert kept[-1] == 1
    if moments > 500:
        assert sum(share < 0.25 for share in kept) == pytest.approx(len(kept) / 2, rel=0.1)


def test_takes_go_on_where_they_were() -> None:
    whole, shares = Sampler(50), [i / 1000 for i in range(1001)]
    kept = [share for share in shares if whole.due(share)]
    resumed = Sampler(50, 0.4)
    assert [s for s in shares if s > 0.4 and resumed.due(s)] == [s for s in kept if s > 0.4]
