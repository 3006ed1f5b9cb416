"""The training page in a real browser: train, watch, pause, scrub, come back, take away, bring."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Error, Locator, Page, expect
from safetensors.numpy import save

from tests.browser import server, visit
from tests.browser.probe import Probe
from tests.browser.tabs import Tabs
from trisym.config import FitConfig
from trisym.film import NUMBERS, POINTS, Frame
from trisym.film import Film as FilmFile
from trisym.storage import results, saved_runs
from trisym.storage.checkpoints import load_card

SMALL = "training?place=server&n=2000&batch=100&network=custom&widths=16"
FRAMES_PER_SECOND = 20
PICKER = "Runs to look at, compare or take away"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def lab_url(home: Path, tabs: Tabs) -> Iterator[str]:
    """A server with saved runs of its own; it knows its menu only once somebody was there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(home))
        with server.running() as running:
            with tabs.lent() as first:
                first.goto(running.url)
                visit.wait_until_idle(first)
            yield running.url
            assert not running.faults()


@pytest.fixture
def lab(lab_url: str, page: Page) -> Page:
    """A tab that is left before the server goes."""
    return page


def open_lab(page: Page, lab_url: str, path: str) -> Locator:
    page.goto(f"{lab_url}/{path}")
    film = page.locator(".film")
    expect(film).to_be_visible()
    return film


def train(page: Page, lab_url: str, query: str) -> Locator:
    """Press Train, and return the film once it has frames of this run."""
    film = open_lab(page, lab_url, f"{SMALL}&{query}")
    page.get_by_role("button", name="Train", exact=True).click()
    visit.wait_until_filmed(page)
    return film


def step_of(film: Locator) -> float:
    return float(film.locator(".epoch dd").inner_text())


def test_the_recorded_run_can_be_scrubbed_at_zero_clicks(lab: Page, lab_url: str) -> None:
    lab.emulate_media(reduced_motion="reduce")  # at its end, where nothing plays
    film = open_lab(lab, lab_url, "training")
    probe = Probe(lab, "film")
    probe.ready()
    scrubber = film.get_by_label("Moment of the training")
    recorded = results.place("recorded-run", ending="safetensors").read_bytes()
    last = len(FilmFile.from_bytes(recorded).frames) - 1
    assert 50 < last < 200
    expect(scrubber).to_have_attribute("max", str(last))  # all of it has come
    at_end = {name: film.locator(f"{name} dd").inner_text() for name in (".epoch", ".side-error")}
    probe.settled()
    before = film.locator(".orbit-canvas").screenshot()
    scrubber.fill("10")
    expect(film.locator(".place")).to_have_text(f"frame 11 of {last + 1}")
    for name, text in at_end.items():
        expect(film.locator(f"{name} dd")).not_to_have_text(text)
    probe.settled()
    lab.evaluate(visit.PAINTED)
    assert film.locator(".orbit-canvas").screenshot() != before


SCRUB = """async (root, seconds) => {
  const slider = root.querySelector(".scrubber");
  const drawn = () => root.trisymProbe.state().drawn;
  const before = drawn(), begun = performance.now();
  for (let i = 0; performance.now() - begun < 1000 * seconds; i += 1) {
    slider.value = String(i % Number(slider.max));
    slider.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done, 8));
  }
  return (drawn() - before) / seconds;
}"""


@pytest.mark.timing
def test_scrubbing_keeps_20_frames_a_second(lab: Page, lab_url: str) -> None:
    """In the best of five seconds: what else runs on this machine is not the film's fault."""
    film = open_lab(lab, lab_url, "training")
    expect(film).to_have_attribute("data-ready", "true")
    assert max(film.evaluate(SCRUB, 1.0) for _ in range(5)) >= FRAMES_PER_SECOND


def test_a_run_is_watched_turned_asked_paused_resumed_and_stopped(lab: Page, lab_url: str) -> None:
    """Its symmetries are asked while it trains; the camera stays when frames arrive and end."""
    film = train(lab, lab_url, "amount=60")
    probe = Probe(lab, "film")
    expect(film.locator(".answer-canvas")).to_be_visible()
    expect(film.locator(".blind dd")).to_have_text(re.compile(r"^\d+$"))
    lab.get_by_label("Latent points of 20 triangles").focus()
    for _ in range(5):
        lab.keyboard.press("ArrowRight")
    turned = probe.state()["camera"]["yaw"]
    assert turned != 0.75
    probe.until("state.frames > it", probe.state()["frames"])
    assert probe.state()["camera"]["yaw"] == turned
    lab.get_by_role("button", name="Pause").click()
    expect(lab.get_by_role("heading", name="paused")).to_be_visible()
    visit.wait_until_idle(lab)
    paused = step_of(film)
    lab.get_by_role("button", name="Resume").click()
    expect(film.locator(".epoch dd")).not_to_have_text(f"{paused:.2f}")
    lab.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
    expect(lab.get_by_role("heading", name=", stopped")).to_be_visible()
    expect(film.locator(".status")).to_contain_text("On 20,000 fresh triangles")
    visit.wait_until_idle(lab)
    assert probe.state()["camera"]["yaw"] == turned


def test_a_reloaded_tab_finds_its_run(lab: Page, lab_url: str) -> None:
    train(lab, lab_url, "amount=60")
    address = lab.url
    lab.goto(lab_url)
    visit.wait_until_idle(lab)
    lab.goto(address)
    film = lab.locator(".film")
    visit.wait_until_filmed(lab)
    first = film.locator(".epoch dd").inner_text()
    expect(film.locator(".epoch dd"), "it goes on training").not_to_have_text(first)
    lab.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
    expect(lab.get_by_role("heading", name=", stopped")).to_be_visible()


def test_a_model_is_taken_away_and_brought_back(lab: Page, lab_url: str, tmp_path: Path) -> None:
    train(lab, lab_url, "budget=epochs&amount=5")
    expect(lab.get_by_role("heading", name=", finished")).to_be_visible()
    button = lab.get_by_role("button", name=re.compile(r"\.safetensors$"))
    with lab.expect_download() as download:
        button.click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert load_card(file).epochs == 5
    lab.get_by_text("Bring a model").click()
    lab.locator('input[type="file"]').set_input_files(file)
    expect(lab.get_by_text("is in the library, and on every page")).to_be_visible()
    pickle = tmp_path / "stranger.pt"
    pickle.write_bytes(b"\x80\x04" + bytes(100))
    lab.locator('input[type="file"]').set_input_files(pickle)
    expect(lab.get_by_text("This is not a .safetensors file")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("h=0", "The latent size h must be a whole number from 1 to 64, not 0."),
        ("network=custom&widths=1000000", "A hidden width must be a whole number from 1 to 4,096"),
        ("batch=999999", "batch must be a whole number from 1 to 160,000"),
        ("lr=nan", "lr in the link must be a finite number, not 'nan'."),
        ("loss=none", "loss in the link must be one of sides, perimeter, mse"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    lab: Page, lab_url: str, query: str, sentence: str
) -> None:
    open_lab(lab, lab_url, f"training?{query}")
    expect(lab.get_by_text(sentence)).to_be_visible()


def test_two_runs_are_compared(lab: Page, lab_url: str) -> None:
    """The run that is watched is chosen already; one more makes two."""
    for _ in range(2):
        train(lab, lab_url, "budget=epochs&amount=3")
        heading = lab.get_by_role("heading", name=", finished")
        expect(heading).to_be_visible()
    newest = heading.inner_text().removesuffix(", finished")
    chosen = lab.get_by_test_id("stMultiSelect")
    expect(chosen).to_contain_text(newest)
    visit.wait_until_idle(lab)
    other = lab.get_by_role("option", name=re.compile(r"^sides-h3")).and_(
        lab.locator("[aria-selected=false]")
    )
    for _ in range(30):  # a page that is drawn anew closes the list
        lab.get_by_label(PICKER).press("ArrowDown")
        with suppress(Error):  # no other run is in the list yet
            other.first.click(timeout=1000)
            break
    lab.keyboard.press("Escape")
    expect(lab.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(lab.get_by_test_id("stTable").filter(has_text="side error").first).to_be_visible()


@pytest.mark.usefixtures("library")
def test_more_than_six_runs_are_compared(lab: Page, lab_url: str) -> None:
    """Each with a curve of its own; they stand below each other, in one table."""
    group = saved_runs.new_id()
    names = [f"rate-{number}" for number in range(1, 8)]
    for number, name in enumerate(names, 1):
        config = FitConfig(lr=1e-3 * number)
        entry = saved_runs.Entry(
            saved_runs.new_id(), name, "finished", saved_runs.now(), config, epochs=2.0, group=group
        )
        rows = "".join(f"{epoch},{epoch},{0.1 * number / epoch}\n" for epoch in (1, 2))
        saved_runs.add(entry, None, history=f"epoch,seconds,side_error\n{rows}".encode())
    lab.goto(f"{lab_url}/training?run={group}")
    for name in names:
        expect(lab.get_by_test_id("stMultiSelect")).to_contain_text(name)
    chart = lab.get_by_test_id("stVegaLiteChart")
    expect(chart).to_be_visible()
    table = lab.get_by_test_id("stDataFrame").last
    expect(table).to_be_visible()
    shown = table.locator("table").inner_text()
    assert all(name in shown for name in names)


# ---- the symmetry spectrum of a run

FRAMES = 20
TRANSLATION, ROTATION = 8, 14  # frames from which on each is not seen


def spectrum_at(frame: int) -> list[float]:
    """Mean answers to translations, rotations and strains, and twelve values, as a run has them."""
    translation = 0.05 if frame >= TRANSLATION else 2.0
    rotation = 0.3 if frame >= ROTATION else 1.9
    seen = [5.0, 4.5, 4.0, 3.8, 3.6, 3.5]
    return [translation, rotation, 4.1, *seen, *[rotation] * 3, *[translation] * 3]


def filmed(name: str, numbers: int) -> str:
    """Keep a run whose film has that many numbers a frame; return its id."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(FRAMES):
        all_numbers = np.array([i, 10.0 * i, i, 0.1, 0.1, 0.2, 0.5, 1e-3, *spectrum_at(i)])
        packed = Frame(all_numbers, rng.normal(size=(POINTS, 3))).pack()
        rows.append(packed[: 8 * numbers] + packed[8 * len(NUMBERS) :])
    array = np.frombuffer(b"".join(rows), np.uint8).reshape(FRAMES, -1)
    about = json.dumps({"numbers": NUMBERS[:numbers]})
    film = save({"frames": array.copy()}, metadata={"film": about})
    run = saved_runs.new_id()
    config = FitConfig()
    entry = saved_runs.Entry(run, name, "finished", saved_runs.now(), config, epochs=float(FRAMES))
    saved_runs.add(entry, None, film=film)
    return run


@pytest.fixture
def library(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own library, for a test to add to."""
    monkeypatch.setenv(saved_runs.HOME, str(home))


@pytest.mark.usefixtures("library")
def test_the_film_marks_when_each_symmetry_is_found(lab: Page, lab_url: str) -> None:
    run = filmed("with-spectrum", len(NUMBERS))
    film = open_lab(lab, lab_url, f"training?run={run}")
    probe = Probe(lab, "film")
    state = probe.until("state.run === it[0] && state.frames === it[1]", [run, FRAMES])
    assert state["finds"] == [["translation", TRANSLATION], ["rotation", ROTATION]]
    canvas = film.locator(".answer-canvas")
    expect(canvas).to_be_visible()
    sentence = (
        f"translations found in epoch {TRANSLATION}.00, rotations found in epoch {ROTATION}.00"
    )
    expect(canvas).to_have_attribute("aria-label", re.compile(sentence))
    for frame, seen in [(FRAMES - 1, "6"), (ROTATION - 1, "3"), (TRANSLATION - 1, "0")]:
        film.locator(".scrubber").fill(str(frame))
        expect(film.locator(".blind dd")).to_have_text(seen)
    canvas.click(position={"x": 300, "y": 20})  # scrubs as the losses do
    expect(film.locator(".epoch dd")).not_to_have_text(f"{TRANSLATION - 1}.00")


@pytest.mark.usefixtures("library")
def test_a_film_from_before_the_spectrum_shows_the_rest(lab: Page, lab_url: str) -> None:
    run = filmed("before-spectrum", 8)
    film = open_lab(lab, lab_url, f"training?run={run}")
    Probe(lab, "film").until("state.run === it[0] && state.frames === it[1]", [run, FRAMES])
    expect(film.locator(".curve-canvas")).to_be_visible()
    expect(film.locator(".answer-canvas")).to_be_hidden()
    expect(film.locator(".blind")).to_be_hidden()
    expect(film.locator(".side-error dd")).to_have_text("0.20")
