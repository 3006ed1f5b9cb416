"""All of a page as one zip, as the browser makes it: whole, and its charts are fit for print."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import Probe
from tests.browser.saved import offline, opened
from tests.browser.tabs import Tabs
from trisym.ui.kit.charts import PRINT_WIDTH

RATIO = 300 / 96  # pixels of the picture for one of the screen: 300 an inch
SVG = "{http://www.w3.org/2000/svg}svg"
# Plotly's and Vega's charts, and the live view: the page has all three.
CHARTS = ("poses", "latent-sides-h3", "latent-mse-h3", "latent-untrained", "orbits")


def test_a_press_takes_all_of_the_page(
    open_page: Callable[..., Page], tabs: Tabs, tmp_path: Path
) -> None:
    page = open_page("symmetry", colour_scheme="dark")
    probe = Probe(page, "stage")
    probe.ready()
    with page.expect_download(timeout=visit.PATIENCE_MS) as found:
        page.get_by_role("button", name="All of this page as one zip").click()
    assert found.value.suggested_filename == "trisym-symmetry.zip"
    found.value.save_as(tmp_path / "all.zip")
    expect(page.get_by_text("Made: trisym-symmetry.zip")).to_be_visible()
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    pictures = {f"charts/{name}.{kind}" for name in CHARTS for kind in ("svg", "png")}
    assert files.keys() >= {"README.txt", "view.html", "view.ipynb", "view.png", *pictures}
    assert {name for name in files if name.endswith(".csv")} == {
        f"tables/{name}.csv" for name in ("orbit-spread", "sides", "drift", "invariance")
    }
    readme = files["README.txt"].decode()
    assert "missing" not in readme
    assert "python -m trisym reproduce invariance" in readme
    for name in CHARTS:
        assert ElementTree.parse(io.BytesIO(files[f"charts/{name}.svg"])).getroot().tag == SVG
        png = files[f"charts/{name}.png"]
        assert png.startswith(b"\x89PNG")
        assert int.from_bytes(png[16:20], "big") == pytest.approx(PRINT_WIDTH * RATIO, abs=2)
        assert of_white(page, png) > 0.3
    (tmp_path / "view.html").write_bytes(files["view.html"])
    with offline(tabs) as reader:
        assert opened(reader, tmp_path / "view.html").state()["models"] == probe.state()["models"]


WHITE = """async (bytes) => {
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([content]));
  const sheet = new OffscreenCanvas(picture.width, picture.height);
  const pen = sheet.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, sheet.width, sheet.height);
  let white = 0;
  for (let i = 0; i < data.length; i += 4) white += data[i] + data[i + 1] + data[i + 2] === 765;
  return (4 * white) / data.length;
}"""


def of_white(page: Page, png: bytes) -> float:
    """How much of a picture is white: of a dark page's print most, but not all."""
    share = float(page.evaluate(WHITE, base64.b64encode(png).decode()))
    assert share < 0.999
    return share
