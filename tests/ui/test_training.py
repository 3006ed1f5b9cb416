"""The training page's own logic: what a press starts, what a watcher is told, what is compared."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.model_files import CARD, CONTENT
from trisym.config import FitConfig
from trisym.errors import ConfigError
from trisym.film import NUMBERS, POINTS, Film, Frame, epochs_rounded, epochs_shown
from trisym.jobs import estimate
from trisym.jobs.job import Job
from trisym.names import check_name
from trisym.storage import saved_runs
from trisym.ui.kit.tables import mean_and_spread
from trisym.ui.training import compare, feed, form, here, start, take_away
from trisym.ui.training.choice import Choice


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path))
    return tmp_path


def kept(name: str, seed: int, error: float, **config: object) -> saved_runs.Entry:
    history = pd.DataFrame(
        {"epoch": [1.0, 2.0 + seed], "seconds": [3.0, 9.0], "side_error": [1.0, error]}
    )
    entry = saved_runs.Entry(
        id=saved_runs.new_id(),
        name=name,
        status="finished",
        created=saved_runs.now(),
        config=replace(CARD.config, seed=seed, **config),  # type: ignore[arg-type]
        metrics={"side_error": error},
    )
    return saved_runs.add(entry, CONTENT, history.to_csv(index=False).encode())


def film(frames: int) -> Film:
    numbers = np.zeros((frames, len(NUMBERS)))
    numbers[:, NUMBERS.index("epoch")] = numbers[:, NUMBERS.index("step")] = np.arange(frames)
    numbers[:, NUMBERS.index("side_error")] = 1 / (1 + np.arange(frames))
    return Film([Frame(row, np.zeros((POINTS, 2))).pack() for row in numbers])


def test_runs_that_differ_in_their_seed_alone_are_one_group() -> None:
    """The control is a run that differs in its rate as well."""
    one, two = kept("one", 0, 0.1), kept("two", 1, 0.3)
    other = kept("other", 0, 0.2, lr=0.5)
    found = compare.groups([one, other, two])
    assert list(found.values()) == [[one, two], [other]]
    assert compare.spread_of([one, two], "side_error") == mean_and_spread([0.1, 0.3])
    assert compare.spread_of([other], "side_error") == "0.20"
    assert compare.spread_of([other], "mse") == "–"


def test_mean_and_spread_are_those_of_the_runs_where_all_have_been() -> None:
    """Of straight lines: the mean is the line between, to the point where the shorter one ends."""
    lines = [
        pd.DataFrame({"epoch": [1.0, 2.0, 5.0], "side_error": [1.0, 2.0, 5.0], "run": "a"}),
        pd.DataFrame({"epoch": [1.0, 4.0], "side_error": [3.0, 12.0], "run": "b"}),
    ]
    found = compare.means(pd.concat(lines).assign(group="g"), "epoch")
    assert (found["epoch"].min(), found["epoch"].max()) == pytest.approx((1.0, 4.0))
    assert found["mean"].to_numpy() == pytest.approx(2 * found["epoch"].to_numpy())
    spread = np.sqrt(2) * found["epoch"]
    assert found["high"].to_numpy() == pytest.approx((found["mean"] + spread).to_numpy())
    assert (found["low"] > 0).all()


@pytest.mark.parametrize("count", [1, 2, 7, 12, 30])
def test_many_runs_are_compared(count: int) -> None:
    """More than there are colours: each line still has a colour and dashes of its own."""
    entries = [kept(f"run {i}", 0, 0.1, lr=0.001 * (i + 1)) for i in range(count)]
    records = compare._records(compare.groups(entries), {})
    assert records["group"].nunique() == count
    text = str(compare.overlay(records, "epoch", {"the floor": 0.0007}, dark=False).to_dict())
    assert "strokeDash" in text
    looks = {(i % compare.COLOURS, i // compare.COLOURS % len(compare.DASHES)) for i in range(24)}
    assert len(looks) == 24


def test_a_zip_holds_all_of_every_run() -> None:
    entries = [kept(f"seed {seed}", seed, 0.1 + seed) for seed in range(3)]
    with zipfile.ZipFile(io.BytesIO(take_away.zipped(entries))) as archive:
        names = set(archive.namelist())
        readme = archive.read("README.txt").decode()
        table = pd.read_csv(io.BytesIO(archive.read("runs.csv")))
        model = archive.read("seed 1/seed 1.safetensors")
    assert model == CONTENT
    endings = (".safetensors", ".json", ".csv")
    for entry in entries:
        assert {f"{entry.name}/{entry.name}{ending}" for ending in endings} <= names
        assert any(name.startswith(f"{entry.name}/repeat_") for name in names)
    assert table["seed"].tolist() == [0, 1, 2]
    assert table["side_error"].tolist() == [0.1, 1.1, 2.1]
    assert mean_and_spread([0.1, 1.1, 2.1]) in readme


def test_mean_and_spread_have_as_many_decimals_as_each_other() -> None:
    assert mean_and_spread([0.0031, 0.0035]) == "0.0033 ± 0.0003"
    assert mean_and_spread([1.0, 1.0]) == "1.0 ± 0"


def test_a_watcher_is_sent_what_is_new() -> None:
    job = Job("01234567", "a", FitConfig(), "cpu", 1, status="running")
    job.story.film = film(25)
    job.latest = job.film.frames[-1]
    told = feed.news(job, have=0)
    assert told["parcels"] == ["01234567:0:10", "01234567:10:10", "01234567:20:5"]
    assert [part["count"] for part in told["fresh"]] == [10, 10, 5]
    assert [part["id"] for part in feed.news(job, have=25)["fresh"]] == ["01234567:20:5"]
    assert feed.news(job, have=10**9)["fresh"] == []
    assert told["standing"] == "training"
    assert told["others"] == []


def test_a_thin_line_keeps_the_first_and_the_last_moment() -> None:
    epochs, _, errors = feed.thinned(film(500))
    assert len(epochs) <= feed.CURVE_POINTS
    assert (epochs[0], epochs[-1]) == (1, 499)
    assert errors[-1] == pytest.approx(1 / 500, rel=1e-3)
    assert feed.thinned(film(1)) == feed.thinned(Film()) == [[], [], []]


@pytest.mark.parametrize(("by", "name"), [("", "sides-h3"), ("Ada", "Ada-sides-h3")])
def test_a_run_is_named_after_who_started_it(by: str, name: str) -> None:
    assert start.suggested(FitConfig(), by) == name
    check_name(start._joined(start.suggested(FitConfig(), "x" * start.LONGEST_BY), "s" * 19))


@pytest.mark.parametrize(
    ("epochs", "shown"), [(0.125, "0.13"), (0.854, "0.85"), (40.0, "40"), (1234.5, "1,234.5")]
)
def test_epochs_are_written_in_one_way(epochs: float, shown: str) -> None:
    assert epochs_shown(epochs) == shown
    assert f"{epochs_rounded(epochs):,}".removesuffix(".0") == shown


@pytest.mark.parametrize("text", ["9" * 400, f"-{'9' * 30}", str(10**15)])
@pytest.mark.parametrize("field", ["h", "n", "batch", "seed"])
def test_a_link_s_whole_number_fits_its_field(field: str, text: str) -> None:
    """A browser's number field can't hold a larger one, and takes the form with it."""
    choice, (fault,) = Choice.from_query({field: text, "lr": "0.5"})
    assert fault.startswith(f"{field} in the link must have at most 15 digits, not '")
    assert len(fault) < 120
    assert getattr(choice, field) == getattr(Choice(), field)
    assert choice.lr == 0.5
    assert not Choice.from_query({field: str(10**15 - 1)})[1]


@pytest.mark.parametrize(
    ("choice", "sees", "weight"),
    [
        (Choice(loss="energy", dataset="lennard-jones"), 3, 0.0),
        (Choice(loss="mse", energy=100.0, h=9, dataset="lennard-jones"), 3, 100.0),
        (Choice(loss="mse", sees=2), 0, 0.0),
    ],
)
def test_a_head_is_there_where_an_energy_is_asked_for(
    choice: Choice, sees: int, weight: float
) -> None:
    config = choice.config()
    assert getattr(config.network, "sees", None) == sees
    assert config.energy_weight == weight
    assert Choice.from_query(choice.to_query()) == (choice, [])


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (Choice(loss="energy"), "whose sides have a minimum"),
        (Choice(energy=-1.0, dataset="lennard-jones"), "λ must be a number from 0"),
        (Choice(loss="energy", dataset="lennard-jones", h=2), "that the head sees must be"),
        (Choice(loss="energy", dataset="lennard-jones", h=0), "The latent size h must be"),
    ],
)
def test_an_energy_that_can_t_be_learned_is_told(choice: Choice, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        choice.config()


def test_how_long_an_energy_takes_is_told() -> None:
    choice = Choice(loss="energy", dataset="lennard-jones", budget="epochs", amount=4.0)
    assert 0 < estimate.seconds(choice.config()) < 1e5
    assert "4 epochs take about" in form.sentence(choice.config(), "server")


def test_a_browser_leaves_energies_to_servers() -> None:
    config = Choice(loss="energy", dataset="lennard-jones").config()
    with pytest.raises(ConfigError, match="take the server"):
        here.check(config)
    here.check(Choice(dataset="lennard-jones").config())


def _form() -> None:
    from trisym.ui.training import form

    form.choose()


@pytest.mark.parametrize(
    "asked",
    [{"loss": "energy", "dataset": "lennard-jones"}, {"code": "variational"}],
    ids=["an energy", "a VAE"],
)
def test_the_form_sends_what_no_browser_trains_to_the_server(asked: dict[str, str]) -> None:
    app = AppTest.from_function(_form).run()
    assert app.selectbox("training:place").value == "here"
    for field, value in asked.items():
        app.selectbox(f"training:{field}").select(value).run()
    assert app.selectbox("training:place").value == "server"
    app.selectbox("training:place").select("here").run()
    assert app.selectbox("training:place").value == "here"  # the page says why that can't be
    assert not app.exception
    plain = AppTest.from_function(_form).run()
    plain.selectbox("training:loss").select("mse").run()
    assert plain.selectbox("training:place").value == "here"


def test_the_sentence_says_why_a_run_goes_to_the_server() -> None:
    vae = Choice().with_preset("vae").config()
    assert "A browser trains no VAE, so this one goes" in form.sentence(vae, "server")
    assert "A browser" not in form.sentence(Choice().config(), "server")
