"""Saved pages: alive from the disk with the network off, as exact as in the app, in any frame."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import trisym
from tests.browser import saved_hands, visit
from tests.browser import test_accessible as axe
from tests.browser.probe import Probe
from tests.browser.saved import VIEWS, SavedStage, offline, opened, shown_in
from tests.browser.server import ROOT
from tests.browser.stage.driver import touch
from tests.browser.tabs import Tabs
from tests.ui.test_notebook import run
from trisym.ui.kit.saved_page import About, SavedPage, Taken
from trisym.ui.kit.served import JsonFile
from trisym.ui.symmetry.stage import CARRIER, WEB

NAMES = ("sides-h3", "mse-h3")
ODD_EVENTS = (Path(__file__).parent / "odd_events.js").read_text(encoding="utf-8")
HOSTILE = '</script><img src="x" onerror="alert(1)"><b>bold</b>'


@pytest.fixture(scope="module")
def stage_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The symmetry page with two networks."""
    return trisym.export("symmetry", tmp_path_factory.mktemp("saved") / "stage.html", NAMES)


@pytest.fixture
def stage(tabs: Tabs, stage_file: Path) -> Iterator[SavedStage]:
    with offline(tabs) as page:
        opened(page, stage_file)
        yield SavedStage(page)


@pytest.mark.parametrize(("name", "root"), VIEWS.items())
def test_a_page_is_alive_offline_and_bears_odd_events(
    name: str, root: str, tabs: Tabs, tmp_path: Path
) -> None:
    """Keys and a finger move it, its numbers are torch's, it follows the theme."""
    file = trisym.export(name, tmp_path / "view.html")
    with offline(tabs, has_touch=True, reduced_motion="reduce") as page:
        probe = opened(page, file)
        assert probe.name == root
        assert page.title() == page.locator("h1").inner_text() != ""
        assert probe.until("state.drawn > 0")["dark"] is False
        saved_hands.use(probe, name)
        saved_hands.check_numbers(probe, name, file)
        page.emulate_media(color_scheme="dark")
        probe.until("state.dark")
        assert probe.root.evaluate(ODD_EVENTS) == []


def test_keys_turn_and_carry_it(stage: SavedStage) -> None:
    before, sides = stage.pose, stage.sides
    stage.world.focus()
    stage.press("ArrowLeft", "Shift+ArrowUp")
    assert not np.allclose(stage.pose, before, atol=0.01)
    assert np.allclose(stage.sides, sides, atol=1e-9)


def test_a_finger_turns_it(tabs: Tabs, stage_file: Path) -> None:
    with offline(tabs, has_touch=True, is_mobile=True) as page:
        page.set_viewport_size(visit.PHONE)
        opened(page, stage_file)
        driver = SavedStage(page)
        before, (x, y) = driver.pose, driver.spot("face")
        touch(page.context.new_cdp_session(page), ((x, y), (x + 40, y + 10)))
        driver.settled()
        assert not np.allclose(driver.pose, before, atol=0.01)
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0


def test_hostile_texts_stay_texts(tabs: Tabs, tmp_path: Path, stage_file: Path) -> None:
    """A model's name and card are shown letter by letter; no dialog, no element comes of them."""
    about = About("symmetry", HOSTILE, HOSTILE, [(HOSTILE, {HOSTILE: HOSTILE})])
    shown = shown_in(stage_file)
    data, carried = shown["view"], JsonFile(shown["carried"][0])
    data["models"] = [{**data["models"][0], "name": HOSTILE, "title": HOSTILE}]
    file = tmp_path / "hostile.html"
    text = SavedPage(WEB / "stage.js", (CARRIER,)).filled(data, Taken(about, (carried,)))
    file.write_text(text, encoding="utf-8")
    with offline(tabs) as page:
        opened(page, file)
        expect(page.locator(".latent .title")).to_have_text(HOSTILE)
        expect(page.locator("h1")).to_have_text(HOSTILE)
        expect(page.locator("summary")).to_have_text(HOSTILE)
        assert page.title() == HOSTILE
        assert page.locator("img, b:text-is('bold')").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: str, tabs: Tabs, stage_file: Path) -> None:
    with offline(tabs, color_scheme=scheme) as page:
        opened(page, stage_file)
        page.locator("summary").first.click()
        assert axe.found(page) == []


def test_axe_finds_nothing_serious_in_what_is_offered(open_page: Callable[..., Page]) -> None:
    page = open_page("symmetry")
    page.locator(".stage.live").get_by_role("button", name="Take away").click()
    assert axe.found(page) == []


VARIABLES = sorted(
    {
        name
        for file in (ROOT / "trisym" / "ui").rglob("web/*.*s*")
        for name in re.findall(r"--st-[a-z-]+[a-z]", file.read_text(encoding="utf-8"))
    }
    - {"--st-font"}  # the app brings a font along, the file takes what the reader's machine has
)
VALUES = """(root, names) => names.map((name) => {
  const value = getComputedStyle(root).getPropertyValue(name).trim();
  const { style } = new Option();
  style.color = value; // one way to write a colour; what is none stays as it is
  return style.color || value;
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_the_apps(
    scheme: str, open_page: Callable[..., Page], tabs: Tabs, stage_file: Path
) -> None:
    page = open_page("symmetry", colour_scheme=scheme)
    Probe(page, "stage").ready()
    in_app = page.locator(".stage.live").evaluate(VALUES, VARIABLES)
    with offline(tabs, color_scheme=scheme) as reader:
        in_file = opened(reader, stage_file).root.evaluate(VALUES, VARIABLES)
    assert dict(zip(VARIABLES, in_file, strict=True)) == dict(zip(VARIABLES, in_app, strict=True))


def saved_from(page: Page, root: str, folder: Path) -> Path:
    """Press “Save as a web page” in the app; return the file."""
    view = page.locator(f".{root}.live")
    dialog = view.locator(".take-away")
    expect(dialog).to_be_hidden()
    view.get_by_role("button", name="Take away").click()
    expect(dialog).to_be_visible()
    with page.expect_download() as found:
        view.get_by_role("button", name="Save as a web page").click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    return file


# What depends on how much of a cloud the app shows, and on whether its page says what to press.
DIFFER = {"symmetry": ["reference"], "physics": ["reference"], "training": ["status"]}


@pytest.mark.parametrize(("name", "root"), VIEWS.items())
def test_every_view_can_be_saved(
    name: str, root: str, open_page: Callable[..., Page], tabs: Tabs, tmp_path: Path
) -> None:
    page = open_page(name)
    Probe(page, root).ready()
    file = saved_from(page, root, tmp_path)
    assert file.name == f"trisym-{name}.html"
    with offline(tabs) as reader:
        assert opened(reader, file).name == root
    browsers, pythons = (
        shown_in(each) for each in (file, trisym.export(name, tmp_path / "python.html"))
    )
    assert browsers["about"] == pythons["about"]
    differ = {"uid", "revision", "fault", "start", *DIFFER.get(name, ())}
    for part in pythons["view"].keys() - differ:
        assert rounded(browsers["view"][part]) == rounded(pythons["view"][part]), part


def rounded(value: Any) -> Any:
    """A value with its numbers as far as two processes agree on them."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(f"{value:.9g}") if number else value


def test_the_scene_that_one_sees_is_saved(
    open_page: Callable[..., Page], tabs: Tabs, tmp_path: Path
) -> None:
    """In the middle of a tumble, of which no server knows."""
    page = open_page("symmetry")
    probe = Probe(page, "stage")
    probe.ready()
    page.get_by_role("button", name="Tumble", exact=True).click()
    probe.until("state.moving && state.drawn > it", probe.state()["drawn"] + 20)
    view = page.locator(".stage.live")
    view.get_by_role("button", name="Take away").click()
    with page.expect_download() as found:
        pressed = view.evaluate(
            """root => {
                root.querySelector("[data-take=page]").click();
                return root.trisymProbe.state();
            }"""
        )
    assert pressed["moving"]
    found.value.save_as(tmp_path / "moving.html")
    with offline(tabs) as reader:
        there = opened(reader, tmp_path / "moving.html").state()
    assert np.allclose(there["vertices"], pressed["vertices"], atol=1e-6)
    assert there["models"] == pressed["models"]


def test_a_notebook_computes_what_one_sees(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page("symmetry")
    probe = Probe(page, "stage")
    probe.ready()
    page.locator(".world-canvas").focus()
    page.keyboard.press("PageUp")
    seen = probe.settled()
    view = page.locator(".stage.live")
    view.get_by_role("button", name="Take away").click()
    with page.expect_download() as found:
        view.get_by_role("button", name="Open in Jupyter").click()
    assert found.value.suggested_filename == "trisym-symmetry.ipynb"
    found.value.save_as(tmp_path / "out.ipynb")
    numbers = run(json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8")))["numbers"]
    columns = ["rebuilt l1", "rebuilt l2", "rebuilt l3"]
    trained = [i for i, name in enumerate(seen["models"]) if name != "untrained"]
    assert list(numbers["model"]) == [seen["models"][i] for i in trained]
    assert np.allclose(numbers[columns], [seen["rebuiltSides"][i] for i in trained], atol=1e-5)


DRAWN = """() => {
  window.testDrawn = [];
  const { prototype } = OffscreenCanvasRenderingContext2D;
  const plain = prototype.drawImage;
  prototype.drawImage = function (image, x, y, width, height) {
    if (image instanceof HTMLCanvasElement) window.testDrawn.push(image.width / width);
    return plain.apply(this, arguments);
  };
}"""


def test_a_picture_is_drawn_for_print(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Three pixels for each of the screen's, in what is drawn and not by making it larger."""
    page = open_page("symmetry")
    probe = Probe(page, "stage")
    probe.ready()
    before = probe.settled()["pixels"]
    width = page.locator(".stage .board").evaluate("board => board.getBoundingClientRect().width")
    page.evaluate(DRAWN)
    view = page.locator(".stage.live")
    view.get_by_role("button", name="Take away").click()
    with page.expect_download() as found:
        view.get_by_role("button", name="Picture", exact=True).click()
    found.value.save_as(tmp_path / "out.png")
    head = (tmp_path / "out.png").read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert int.from_bytes(head[16:20], "big") == pytest.approx(3 * (width + 32), abs=1)
    ratios = page.evaluate("testDrawn")
    assert len(ratios) >= 7  # the world, and two canvases a network
    assert ratios == pytest.approx([3.0] * len(ratios), rel=0.02)
    assert probe.settled()["pixels"] == before


INKED = """async ([bytes, boxes]) => {
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([content]));
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pen.drawImage(picture, 0, 0);
  return boxes.map(([x, y, width, height]) => {
    const { data } = pen.getImageData(x, y, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}"""
BOXES = """(root, selector) => {
  const frame = root.querySelector(".board").getBoundingClientRect();
  return [...root.querySelectorAll(selector)].map((part) => part.getBoundingClientRect())
    .map(({ left, top, width, height }) => [left - frame.left, top - frame.top, width, height])
    .map(([x, y, width, height]) => [x + 16, y + 16, width, height])
    .map((box) => box.map((pixels) => Math.round(3 * pixels)));
}"""


def test_a_picture_has_its_words_and_marks(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Where the page has a dot of a spectrum or a word, the picture has more than one colour."""
    page = open_page("symmetries", colour_scheme="dark")
    Probe(page, "symmetries").ready()
    view = page.locator(".symmetries.live")
    view.get_by_role("button", name="Take away").click()
    with page.expect_download() as found:
        view.get_by_role("button", name="Picture", exact=True).click()
    found.value.save_as(tmp_path / "out.png")
    png = base64.b64encode((tmp_path / "out.png").read_bytes()).decode()
    boxes = view.evaluate(BOXES, ".motion, .count, .legend .kind, .axis span, .drift .unit")
    assert len(boxes) > 36
    assert min(page.evaluate(INKED, [png, boxes])) > 2
    panel = view.evaluate(BOXES, ".spectra")[0]
    bare = [panel[0] + 12, panel[1] + panel[3] // 2, 9, 9]  # the control: the edge of the panel
    assert page.evaluate(INKED, [png, [bare]]) == [1]


LOOKED_AT = """async (bytes) => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]));
  const told = (name) => new Promise((done) => video.addEventListener(name, done, { once: true }));
  await told("loadedmetadata");
  const sheet = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  const at = async (seconds) => {
    const there = told("seeked");
    video.currentTime = seconds;
    await there;
    pen.drawImage(video, 0, 0);
    return [...pen.getImageData(0, 0, sheet.width, sheet.height).data];
  };
  await at(1e6); // a recording says how long it is once its end was looked for
  const [first, later] = [await at(1), await at(7)];
  const differ = first.filter((value, i) => Math.abs(value - later[i]) > 40).length / first.length;
  return { seconds: video.duration, width: video.videoWidth, differ };
}"""


def test_ten_seconds_become_a_video(open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Of a triangle that tumbles: as long as promised, of one size, and its picture changes."""
    page = open_page("symmetry")
    Probe(page, "stage").ready()
    page.get_by_role("button", name="Tumble", exact=True).click()
    view = page.locator(".stage.live")
    view.get_by_role("button", name="Take away").click()
    with page.expect_download() as found:
        view.get_by_role("button", name="Film 10 seconds").click()
        expect(view.locator(".takes > button")).to_be_disabled()
    assert found.value.suggested_filename == "trisym-symmetry.webm"
    expect(view.locator(".takes > button")).to_have_text("Take away")
    found.value.save_as(tmp_path / "out.webm")
    content = (tmp_path / "out.webm").read_bytes()
    looked = page.evaluate(LOOKED_AT, base64.b64encode(content).decode())
    assert 9 < looked["seconds"] < 14
    assert looked["width"] > 600
    assert looked["differ"] > 0.005


def test_a_film_is_saved_at_its_frame(
    open_page: Callable[..., Page], tabs: Tabs, tmp_path: Path
) -> None:
    page = open_page("training")
    probe = Probe(page, "film")
    probe.ready()
    page.get_by_role("slider", name="Moment of the training").fill("57")
    probe.until("!state.moving")
    file = saved_from(page, "film", tmp_path)
    with offline(tabs) as reader:
        copy = opened(reader, file)
        for number in ("epoch", "side-error", "orbit-spread"):
            seen = page.locator(f".film .{number} dd").inner_text()
            expect(reader.locator(f".{number} dd")).to_have_text(seen)
        frames = copy.until("!state.moving && state.frames > 40")["frames"]
        assert frames < probe.state()["frames"]  # fewer, so that the file is small
        reader.get_by_role("slider").fill("3")
        expect(reader.locator(".place")).to_have_text(f"frame 4 of {frames}")
