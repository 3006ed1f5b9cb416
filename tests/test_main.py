"""The command line: it trains, loses nothing at Ctrl-C, measures, and answers in sentences."""

from __future__ import annotations

import json
import shlex
import signal
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import pytest
import torch
from click.testing import CliRunner, Result

from benchmarks import report
from trisym import evaluation
from trisym.__main__ import main
from trisym.cli import output_files, settings
from trisym.cli.settings import SETTINGS, Setting, build_config
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.errors import TrisymError
from trisym.metrics import METRICS
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.storage import checkpoints
from trisym.training.fit import Fit
from trisym.training.trainer import Record

SMALL = ["--n", "1000", "--hidden", "8", "--batch", "200", "--device", "cpu"]


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluation, "TRIANGLES", 500)
    monkeypatch.setattr(evaluation, "ORBITS", 10)
    monkeypatch.setattr(evaluation, "POSES", 10)


def trisym(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="python -m trisym")


def refused(*words: str) -> str:
    result = trisym(*words)
    assert result.exit_code in (1, 2), result.output
    assert isinstance(result.exception, SystemExit)  # a sentence, not a traceback
    assert result.stdout == ""
    return result.stderr


def interrupt_after(monkeypatch: pytest.MonkeyPatch, records: int, times: int = 1) -> None:
    """Send Ctrl-C while the record after so many is being trained."""
    original, seen = Fit.__next__, iter(range(10**6))

    def counted(run: Fit) -> Record:
        if next(seen) == records:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return original(run)

    monkeypatch.setattr(Fit, "__next__", counted)


# train


def test_train_writes_a_measured_model() -> None:
    result = trisym("train", *SMALL, "--epochs", "2", "--loss", "mse", "--latent", "2")
    assert result.exit_code == 0, result.output
    path = Path("runs/mse-h2.safetensors")
    model, card = checkpoints.read(path)
    assert isinstance(model, Autoencoder)
    assert card.name == "mse-h2"
    assert (card.epochs, card.steps) == (2.0, 8)
    assert card.config == replace(
        PRESETS["fast"],
        network=AutoencoderConfig(hidden=(8,), latent=2),
        data=DataConfig(n=1000),
        loss="mse",
        batch=200,
        epochs=2,
        device="cpu",
    )
    assert card.metrics == evaluation.evaluate(model, card.config)
    for name, value in card.metrics.items():
        assert f"{name} " in result.stdout
        assert f"{value:.4g}" in result.stdout
    assert list(path.parent.iterdir()) == [path]


def test_seconds_take_the_place_of_epochs() -> None:
    result = trisym("train", *SMALL, "--seconds", "0.2", "--out", "quick.safetensors")
    assert result.exit_code == 0, result.output
    card = checkpoints.load_card("quick.safetensors")
    assert (card.name, card.config.epochs, card.config.seconds) == ("quick", None, 0.2)
    assert card.seconds >= 0.2


def test_nothing_is_overwritten_unasked() -> None:
    again = ["train", *SMALL, "--epochs", "1"]
    assert trisym(*again).exit_code == 0
    assert trisym(*again).exit_code == 0
    assert sorted(path.stem for path in Path("runs").iterdir()) == ["sides-h3", "sides-h3-2"]
    out = ["--out", "runs/sides-h3.safetensors"]
    assert "exists already: give another --out, or --overwrite" in refused(*again, *out)
    before = Path(out[1]).read_bytes()
    assert trisym(*again, *out, "--seed", "1", "--overwrite").exit_code == 0
    assert Path(out[1]).read_bytes() != before


def test_interrupted_run_goes_on_to_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C, then the printed command: the weights are those of a run that was left alone."""
    command = ["train", *SMALL, "--epochs", "3"]
    assert trisym(*command, "--out", "whole.safetensors").exit_code == 0
    with monkeypatch.context() as patched:
        interrupt_after(patched, records=6)
        stopped = trisym(*command, "--out", "my runs/half.safetensors", "--name", "half a run")
    assert stopped.exit_code == 130
    assert [path.name for path in Path("my runs").iterdir()] == ["half.state"]
    words = shlex.split(stopped.stderr.splitlines()[-1])
    assert words[:5] == ["python", "-m", "trisym", "train", "--resume"]
    resumed = trisym(*words[3:])
    assert resumed.exit_code == 0, resumed.output
    whole, half = (checkpoints.read(p) for p in ("whole.safetensors", "my runs/half.safetensors"))
    assert half.card.name == "half a run"
    assert (half.card.config, half.card.steps) == (whole.card.config, whole.card.steps)
    for mine, theirs in zip(whole.model.parameters(), half.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)


@pytest.fixture
def heard_interrupts() -> Iterator[None]:
    """Hear Ctrl-C as in a terminal: a shell lets what it runs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_interrupts")
def test_second_interrupt_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupt_after(monkeypatch, records=2, times=2)
    stopped = trisym("train", *SMALL, "--epochs", "3", "--out", "x.safetensors")
    assert (stopped.exit_code, list(Path().iterdir())) == (1, [])
    assert "Aborted!" in stopped.stderr
    assert signal.getsignal(signal.SIGINT) is before


def test_state_of_a_run_is_not_overwritten_either(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        interrupt_after(patched, records=1)
        assert trisym("train", *SMALL, "--epochs", "3", "--out", "x.safetensors").exit_code == 130
    assert "x.state exists already" in refused("train", *SMALL, "--out", "x.safetensors")
    sentence = refused("train", "--resume", "x.state", "--lr", "0.1", "--preset", "thesis")
    assert "leave out --preset, --lr" in sentence
    assert trisym("train", "--resume", "x.state").exit_code == 0
    assert checkpoints.load_card("x.safetensors").name == "x"


def test_diverging_run_keeps_its_last_good_model(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Fit.__next__

    def broken(run: Fit) -> Record:
        record = original(run)
        if record.epoch == 2:
            run.trainer.weights.detach().fill_(float("inf"))
        return record

    monkeypatch.setattr(Fit, "__next__", broken)
    result = trisym("train", *SMALL, "--epochs", "3", "--out", "x.safetensors")
    assert result.exit_code == 1
    assert "The loss stopped being finite in epoch" in result.stderr
    assert checkpoints.load_card("x.safetensors").epochs == 2.0


def test_unmeasurable_model_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def impossible(*_: object) -> dict[str, float]:
        raise TrisymError("These triangles are too rare.")

    monkeypatch.setattr("trisym.cli.train.evaluate", impossible)
    result = trisym("train", *SMALL, "--epochs", "1", "--out", "x.safetensors")
    assert result.exit_code == 0
    assert "could not be measured: These triangles are too rare." in result.stderr
    assert checkpoints.load_card("x.safetensors").metrics == {}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--lr", "-1"], "lr must be a number from 1e-09 to 10"),
        (["--epochs", "2", "--seconds", "3"], "either in epochs or in seconds"),
        (["--hidden", "a,b"], "'a,b' is not a list such as 1,2 or none"),
        (["--hidden", "0"], "A hidden width must be a whole number from 1"),
        (["--betas", "0.9"], "'0.9' must be 2 numbers"),
        (["--hidden", "4096,4096"], "135 MB, and 20 MB is the most"),
        (["--dataset", "squares"], "is not one of 'random'"),
        (["--constant-side", "0.5"], "has no constant side; take constant-side or fixed-side"),
        (["--n", "5", "--batch", "1"], "at least 10 triangles"),
        (["--out", "model.pt"], "must be called something.safetensors"),
        (["--name", "../x"], "A model's name has at most 60 letters"),
        (["--out", "/dev/null/x.safetensors"], "Nothing can be written in /dev/null"),
        (["--resume", "no.state"], "can't be read as the state of a run"),
        (["--preset", "slow"], "is not one of 'fast', 'thesis', 'thesis-text'"),
    ],
)
def test_bad_settings_are_refused_with_a_sentence(words: list[str], sentence: str) -> None:
    assert sentence in " ".join(refused("train", *words).split())
    assert list(Path().glob("**/*.s*")) == []


# The settings


def test_every_field_is_an_option() -> None:
    classes = (FitConfig, AutoencoderConfig, DataConfig)
    named = [field.name for cls in classes for field in fields(cls)]
    assert sorted(named) == sorted([*(s.field for s in SETTINGS), *settings.NO_OPTION])
    options = [setting.option for setting in SETTINGS]
    assert len(set(options)) == len(options)
    assert set(options) == set(settings.HELP)


OTHER = {
    "revive": "0.3",
    "input-activation": "false",
    "variational": "true",
    "n": "900",
    "lr": "0.02",
    "betas": "0.5,0.6",
    "mse-weight": "1.5",
    "warmup": "0.2",
    "hidden": "64,32",
    "slope": "0.01",
    "sees": "2",
    "edge": "1.5",
    "min-side": "0.1",
    "constant-side": "0.7",
}


def other_value(setting: Setting) -> str:
    """A value that no preset has."""
    if isinstance(setting.type, click.Choice):
        return str(setting.type.choices[1 if setting.option != "optimizer" else 3])
    return OTHER.get(setting.option, "7")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.option)
def test_an_option_sets_its_field_and_no_other(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[FitConfig] = []

    def stop(config: FitConfig, *_: Any) -> None:
        given.append(config)
        raise TrisymError("Enough.")

    monkeypatch.setattr(output_files, "choose", stop)
    dataset = "random" if setting.option == "points" else "fixed-side"  # that is of triangles
    base = ["--dataset", dataset, "--optimizer", "adam", "--n", "1000"]
    base += ["--preset", "vae"] if setting.option == "kl-weight" else []
    base += ["--sees", "1"] if setting.option in ("energy-weight", "sees") else []
    assert "Enough." in refused("train", *base)
    assert "Enough." in refused("train", *base, f"--{setting.option}", other_value(setting))
    before, after = (flat(config) for config in given)
    changed = {name for name in before if before[name] != after[name]}
    implied = {"seconds": {"fit.epochs"}, "optimizer": {"fit.betas", "fit.lr"}}
    implied["variational"] = {"fit.kl_weight"}
    implied["points"] = {"network.vertices"}
    implied["dataset"] = {"data.edge", "data.min_side", "data.constant_side"}
    assert f"{setting.part}.{setting.field}" in changed
    assert changed - {f"{setting.part}.{setting.field}"} <= implied.get(setting.option, set())


def flat(config: FitConfig) -> dict[str, Any]:
    parts = {"fit": config, "network": config.network, "data": config.data}
    return {
        f"{part}.{field.name}": getattr(value, field.name)
        for part, value in parts.items()
        for field in fields(value)
        if field.name not in settings.PARTS
    }


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_as_they_are(preset: str) -> None:
    assert build_config(preset, {}) == PRESETS[preset]


def test_optimizer_brings_its_own_rates() -> None:
    """SOAP's lr 0.01 would be a poor start for Adam: unless it is given, it follows."""
    assert build_config("fast", {"optimizer": "adam"}).lr == 1e-3
    assert build_config("fast", {"optimizer": "adam", "lr": 0.5}).lr == 0.5
    assert build_config("thesis", {"optimizer": "adam-amsgrad"}) == PRESETS["thesis"]


def test_table_1_has_no_hidden_layer() -> None:
    result = trisym("train", *SMALL, "--hidden", "none", "--epochs", "1", "--latent", "9")
    assert result.exit_code == 0, result.output
    assert checkpoints.load("runs/sides-h9.safetensors").config == AutoencoderConfig((), 9)


def test_help_shows_the_presets_values() -> None:
    text = " ".join(trisym("train", "--help").stdout.split())
    assert "[fast: 0.01, thesis: 0.001, thesis-text: 0.001, vae: 0.01]" in text
    assert "Every side is longer than this. [the set's]" in text


# evaluate and bench


@pytest.fixture
def saved() -> Path:
    path = Path("model.safetensors")
    assert trisym("train", *SMALL, "--epochs", "1", "--out", str(path)).exit_code == 0
    return path


def test_evaluate_measures_afresh(saved: Path) -> None:
    found = json.loads(trisym("evaluate", str(saved), "--json", "--seed", "9").stdout)
    model, card = checkpoints.read(saved)
    assert found["metrics"] == evaluation.evaluate(model, card.config, seed=9)
    assert found["card"]["metrics"] == card.metrics
    assert (found["model"], found["seed"]) == ("model", 9)
    text = trisym("evaluate", str(saved)).stdout
    again = evaluation.evaluate(model, card.config, seed=2023)
    for metric in METRICS:
        assert f"{again[metric]:.4g}" in text
        assert f"{card.metrics[metric]:.4g}" in text


def test_evaluate_knows_shipped_models(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "PRETRAINED", saved.parent.resolve())
    assert trisym("evaluate", "model").exit_code == 0
    assert "There is no model 'sides'. The models that come" in refused("evaluate", "sides")
    assert "There is no file other.safetensors." in refused("evaluate", "other.safetensors")
    assert "The seed 0 drew the training set" in refused("evaluate", "model", "--seed", "0")


class Measured:
    """A benchmark that has nothing to do."""

    def run(self) -> report.Report:
        return report.Report("nothing", {"seconds": 1.5}, [report.Goal("quick", 1.5, 2.0)])


def test_bench_prints_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "load", lambda name: Measured())
    assert Measured().run().as_text() in trisym("bench", "nothing").stdout
    found = json.loads(trisym("bench", "nothing", "--json").stdout)
    assert found["goals"] == [{"goal": "quick", "value": 1.5, "target": 2.0, "met": True}]


def test_bench_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no benchmark 'speed'; there are: " in refused("bench", "speed")
    monkeypatch.setitem(__import__("sys").modules, "benchmarks", None)
    assert "run this from a checkout" in refused("bench", "data")
