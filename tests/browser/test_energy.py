"""The energy view: its arithmetic against torch and SciPy; the page under hand, keys and touch."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from scipy.optimize import approx_fprime
from scipy.spatial.distance import pdist
from torch import Tensor

from tests.browser import visit
from trisym import datasets
from trisym.config import FitConfig
from trisym.energy import KINDS, MinMax
from trisym.geometry import side_lengths
from trisym.networks import Autoencoder, Predictor, PredictorConfig, build, initial_weights
from trisym.potentials import molecule_energy
from trisym.storage.energy_models import EnergyModel
from trisym.ui.energy import component
from trisym.ui.kit.bundle import bundle

Js = Callable[..., Any]
LIVE = "__trisymStage.stages.get('energy')"
EXPORTS = """
Network, EnergyPredictor, HingeLine, PrintedLine, lineByName, Bands, seededRandom, curvesAlong,
runsOf, tableOf, lennardJones, pairForce, moleculeEnergy, forcesOn, energyText, faultOfMolecule,
sideLengths, PRINTED_POSE
"""


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Js]:
    """Evaluate a function body with the modules' names in M and an argument `it`."""
    source = bundle(component.WEB / "energy_stage.js") + f"\nglobalThis.M = {{ {EXPORTS} }};"
    with browser.new_context() as context:
        page = context.new_page()
        page.add_script_tag(content=source, type="module")
        page.wait_for_function("() => globalThis.M")
        yield lambda body, it=None: page.evaluate(f"(it) => {{ {body} }}", it)


def drawn(config: Any, seed: int) -> Any:
    """A network with weights that no training chose."""
    network = build(config)
    weights = initial_weights(config, torch.Generator().manual_seed(seed))
    network.load_state_dict({n: w + 0.1 * (w.ndim == 1) for n, w in weights.items()})
    return network.eval().requires_grad_(False)


def model(kind: str) -> EnergyModel:
    """An energy model of a kind, scaled as its training would have it."""
    encoder = drawn(FitConfig().network, 3)
    assert isinstance(encoder, Autoencoder)
    columns = 9 if kind == "coordinates" else 3
    predictor = drawn(PredictorConfig(inputs=columns, slope=0.3), 5)
    assert isinstance(predictor, Predictor)
    low, high = tuple(0.1 * i for i in range(columns)), tuple(1 + 0.1 * i for i in range(columns))
    scaling, energies = MinMax(low, high), MinMax((-3.0,), (3.45,))
    return EnergyModel(kind, predictor, scaling, energies, encoder if kind == "latent" else None)


def molecules(n: int = 40) -> Tensor:
    return datasets.generate("lennard-jones", n=n, seed=11, dtype=torch.float64).inputs


def in_double(it: EnergyModel) -> EnergyModel:
    it.predictor.double()
    if it.encoder:
        it.encoder.double()
    return it


# The arithmetic


def test_energies_agree_with_torch_and_scipy(js: Js) -> None:
    x = molecules()
    got = js(
        "return it.map((v) => M.moleculeEnergy(M.sideLengths(v), 0.5));", x.flatten(1).tolist()
    )
    assert got == pytest.approx(molecule_energy(x).tolist(), rel=1e-12)
    s6 = (0.5 / pdist(x[0].numpy())) ** 6
    assert got[0] == pytest.approx(4 * (s6**2 - s6).sum(), rel=1e-12)


def test_lowest_at_the_sixth_root_of_two(js: Js) -> None:
    """V'(2^(1/6) sigma) = 0 and V = -1/4 there; V(sigma) = 0; V(0) is infinite, not NaN."""
    r = 2 ** (1 / 6) * 0.5
    assert js("return M.pairForce(it, 0.5);", r) == pytest.approx(0, abs=1e-12)
    values = js("return [it - 1e-3, it, it + 1e-3, 0.5].map((r) => M.lennardJones(r, 0.5));", r)
    assert values[1] == pytest.approx(-0.25)
    assert values[1] < min(values[0], values[2])
    assert values[3] == 0
    assert js("return M.lennardJones(0, 0.5) === Infinity;")
    assert js("return M.energyText(Infinity);") == "diverges"


def test_the_force_is_minus_the_gradient(js: Js) -> None:
    """F = -dE/dx, by SciPy's finite differences; the three forces sum to zero."""
    x = molecules(1)[0].flatten().numpy()

    def energy(v: np.ndarray) -> float:
        return molecule_energy(torch.tensor(v).reshape(3, 3)).item()

    force = np.array(js("return M.forcesOn(it, 0.5);", x.tolist()))
    assert force == pytest.approx(-approx_fprime(x, energy, 1e-7), rel=1e-4, abs=1e-4)
    assert force.reshape(3, 3).sum(0) == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_predictors_agree_with_torch(js: Js, kind: str) -> None:
    """JS = torch within 1e-5 relative, in both precisions."""
    encoder = component.encoder_payload([model("latent")])
    it = {"model": component.predictor_payload(model(kind)), "encoder": encoder}
    body = """const p = new M.EnergyPredictor(it.model, new M.Network(it.encoder));
      return it.x.map((v) => p.energy(v));"""
    x = molecules()
    got = js(body, it | {"x": x.flatten(1).tolist()})
    assert got == pytest.approx(in_double(model(kind)).energy(x).tolist(), rel=1e-9)
    assert got == pytest.approx(model(kind).energy(x.float()).tolist(), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", ["l1", "l2", "l3"])
def test_a_hinge_changes_one_side(js: Js, name: str) -> None:
    """at(v, t) has the side t; the other two, and two atoms, stay; parameter(at(v, t)) = t."""
    side = int(name[1]) - 1
    for v in molecules(5) / component.EDGE:
        body = """const line = M.lineByName(it.name, 0.7);
          return line.range(it.v).flatMap((end, i, [a, b]) => [a + (b - a) * (0.2 + 0.5 * i)])
            .map((t) => { const w = line.at(it.v, t); return [t, w, line.parameter(w)]; });"""
        for t, moved, back in js(body, {"name": name, "v": v.flatten().tolist()}):
            sides = component.EDGE * side_lengths(torch.tensor(moved).reshape(3, 3))
            expected = component.EDGE * side_lengths(v)
            expected[side] = t
            assert sides.tolist() == pytest.approx(expected.tolist(), rel=1e-6)
            assert back == pytest.approx(t, rel=1e-9)
            same = (torch.tensor(moved).reshape(3, 3) - v).abs().amax(-1) < 1e-9
            assert int(same.sum()) >= 2


def test_the_printed_line_is_fig18(js: Js) -> None:
    """(0, 1, 0), (0, 0.46, 0), (0, 0, x), wherever the molecule is turned."""
    body = """const line = M.lineByName("fig18", 0.7);
      const v = M.PRINTED_POSE.map((c) => c / 0.7);
      return [0, 0.3, 1.3].map((x) => line.at(v, x).map((c) => c * 0.7));"""
    for x, moved in zip((0, 0.3, 1.3), js(body), strict=True):
        assert moved == pytest.approx([0, 1, 0, 0, 0.46, 0, 0, 0, x], abs=1e-9)


def test_a_hand_off_the_line_comes_back_to_it(js: Js) -> None:
    """nearest() keeps both arms, whichever end is carried."""
    v = torch.tensor(component.HOME_POSE, dtype=torch.float64)
    arms = side_lengths(v)[[0, 2]]
    for vertex in (1, 2):
        wanted = v.clone()
        wanted[vertex] += torch.tensor([0.11, -0.07, 0.2], dtype=torch.float64)
        it = {"v": v.flatten().tolist(), "w": wanted.flatten().tolist(), "i": vertex}
        got = js('return M.lineByName("l2", 0.7).nearest(it.v, it.w, it.i);', it)
        sides = side_lengths(torch.tensor(got, dtype=torch.float64).reshape(3, 3))
        assert sides[[0, 2]].tolist() == pytest.approx(arms.tolist(), rel=1e-9)


def test_bands_are_those_of_torch(js: Js) -> None:
    """Sides: no width. Coordinates: the 5 and 95 % points of the energies of as many poses."""
    payloads = [component.predictor_payload(model(kind)) for kind in ("sides", "coordinates")]
    it = {
        "models": payloads,
        "encoder": component.encoder_payload([model("latent")]),
        "v": [value for vertex in component.HOME_POSE for value in vertex],
    }
    body = """const e = new M.Network(it.encoder);
      const bands = new M.Bands(it.models.map((p) => new M.EnergyPredictor(p, e)), 0.7, 0.5);
      bands.follow(M.lineByName("l2", 0.7), it.v);
      while (!bands.done) bands.work(50);
      const counts = bands.found[14].map((x) => x.length);
      return [bands.offsetsAt(0.56, 0, 0), bands.offsetsAt(0.56, 1, 0), counts, bands.found[14][1],
        bands.ends[14][1], bands.ends.at(-1)[1]];"""
    sides, coordinates, counts, energies, ends, longest = js(body, it)
    assert sides[1] - sides[0] < 1e-9
    assert coordinates[1] - coordinates[0] > 1e-3
    assert counts == [500, 500]
    expected = np.quantile(energies, [0.05, 0.95])
    assert ends == pytest.approx(expected.tolist(), abs=0.02 * float(np.ptp(energies)))
    assert longest is None or len(longest) == 2


def test_runs_of_flags(js: Js) -> None:
    runs = js("return M.runsOf([0, 1, 2, 3, 4], [true, true, false, false, true]);")
    assert runs == [[0, 1.5], [3.5, 4]]


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        ([0.5, 0.5, 1.2], "l3 must be shorter than the other two together"),
        ([0, 0.5, 0.5], "the energy diverges"),
        ([0.5, float("nan"), 0.5], "l2 must be a number"),
        ([0.5, 0.5, 9], "l3 must be a number from 0.05 to 1.6"),
    ],
)
def test_impossible_sides_are_refused_in_a_sentence(js: Js, sides: list[float], words: str) -> None:
    text = [None if side != side else side for side in sides]  # JSON has no NaN
    fault = js("return M.faultOfMolecule(it.map((s) => s ?? NaN));", text)
    assert words in fault
    assert js("return M.faultOfMolecule([0.5, 0.6, 0.7]);") is None


# The page


@pytest.fixture(scope="module")
def shared(browser: Browser, app_url: str) -> Iterator[Page]:
    """One page for the tests below: opening it takes longer than most of them."""
    with browser.new_context(viewport=visit.DESKTOP, accept_downloads=True) as context:
        page = context.new_page()
        page.goto(f"{app_url}/energy")
        yield page


@pytest.fixture
def energy_page(shared: Page) -> Iterator[Page]:
    errors: list[str] = []
    visit.watch(shared, errors)
    shared.locator(".energy[data-ready=true]").wait_for(timeout=90_000)
    visit.wait_until_idle(shared, 90)
    shared.get_by_role("button", name="Reset", exact=True).click()
    shared.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    settle(shared)
    yield shared
    assert not [*errors, *visit.exception_boxes(shared)]


def settle(page: Page) -> None:
    page.wait_for_timeout(250)
    visit.wait_until_idle(page)


def live(page: Page, expression: str) -> Any:
    """Evaluate with S, the live view, at hand."""
    return page.evaluate(f"() => {{ const S = {LIVE}; return {expression}; }}")


def card(page: Page, kind: str) -> float:
    text = page.locator(f".card.{kind} .value").inner_text()
    return float(text.replace("−", "-"))


def drag(page: Page, x0: float, y0: float, x1: float, y1: float) -> None:
    page.mouse.move(x0, y0)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8)
    page.mouse.up()


def test_a_curve_is_drawn_at_no_click(energy_page: Page) -> None:
    assert live(energy_page, "S.screen.curves.t.length") > 100
    assert live(energy_page, "S.bands.done")
    drawn = live(
        energy_page,
        "new Set(S.screen.plot.surface.pen.getImageData(0, 0, 400, 300).data).size",
    )
    assert drawn > 20


def test_the_cards_are_the_models(energy_page: Page) -> None:
    atoms = torch.tensor(live(energy_page, "S.scene.vertices.map((c) => c * 0.7)"))
    exact = molecule_energy(atoms.double().reshape(1, 3, 3)).item()
    assert card(energy_page, "exact") == pytest.approx(exact, abs=6e-4)


def test_dragging_an_atom_runs_along_the_line(energy_page: Page) -> None:
    """Both arms stay; the pulled side and the energy change; the server hears of it once."""
    page = energy_page
    box = page.locator(".world-canvas").bounding_box()
    assert box
    spot = live(page, "S.screen.world.spots[2].slice(0, 2)")
    before = live(page, "S.screen.boxes.map((b) => b.value)")
    x, y = box["x"] + spot[0], box["y"] + spot[1]
    drag(page, x, y, x + 60, y - 10)
    settle(page)
    after = live(page, "S.screen.boxes.map((b) => b.value)")
    assert (before[0], before[2]) == (after[0], after[2])
    assert before[1] != after[1]
    assert "molecule=" in page.url


def test_dragging_the_dot_pulls_the_side(energy_page: Page) -> None:
    page = energy_page
    box = page.locator(".plot-canvas").bounding_box()
    assert box
    x = live(page, "S.screen.plot.x(0.7)")
    drag(page, box["x"] + 100, box["y"] + 120, box["x"] + x, box["y"] + 120)
    settle(page)
    assert live(page, "S.now().t") == pytest.approx(0.7, abs=0.01)
    expect(page.locator(".status")).to_contain_text("exact energy")


def test_turning_keeps_exact_and_sides_and_moves_the_others(energy_page: Page) -> None:
    """E(R x) = E(x) for exact and sides; coordinates give something else."""
    page = energy_page
    before = {kind: card(page, kind) for kind in ("exact", "from-sides")}
    coordinates = live(page, "S.now().predicted[2]")
    canvas = page.locator(".world-canvas")
    canvas.focus()
    for _ in range(5):
        canvas.press("ArrowRight")
    settle(page)
    for kind, energy in before.items():
        assert card(page, kind) == pytest.approx(energy, abs=1.1e-3)
    assert abs(live(page, "S.now().predicted[2]") - coordinates) > 1e-3


def test_keys_pull_choose_and_free_sigma(energy_page: Page) -> None:
    page = energy_page
    plot = page.locator(".plot-canvas")
    plot.focus()
    before = live(page, "S.now().t")
    plot.press("ArrowRight")
    assert live(page, "S.now().t") == pytest.approx(before + 0.005, abs=1e-6)
    plot.press("3")
    assert live(page, "S.line.name") == "l3"
    plot.press("e")
    settle(page)
    expect(page.get_by_label("Sigma")).to_be_visible()
    expect(page.locator(".card.from-sides")).to_be_hidden()
    page.get_by_label("Sigma").fill("0.6")
    settle(page)
    sides = side_lengths(torch.tensor(live(page, "S.scene.vertices")).reshape(3, 3)) * 0.7
    expected = sum(4 * ((0.6 / r) ** 12 - (0.6 / r) ** 6) for r in sides.tolist())
    assert card(page, "exact") == pytest.approx(expected, abs=2e-3)
    plot.press("e")
    settle(page)
    assert live(page, "S.kept.sigma") == 0.5


def test_out_of_the_box_is_said(energy_page: Page) -> None:
    page = energy_page
    band = page.locator(".energy .band")
    expect(band).to_be_hidden()
    page.get_by_role("radio", name="Fig. 18").click()
    settle(page)
    expect(band).to_contain_text("out of the training box")
    assert live(page, "S.screen.curves.outside.every((out) => out)")


def test_typed_sides(energy_page: Page) -> None:
    page = energy_page
    boxes = [page.get_by_label(f"Side l{i}, ") for i in (1, 2, 3)]
    for box, text in zip(boxes, ("0.5", "0,6", "0.7"), strict=True):
        box.fill(text)
    page.get_by_role("button", name="Set sides").click()
    settle(page)
    assert [box.input_value() for box in boxes] == ["0.500", "0.600", "0.700"]
    boxes[2].fill("1.2")
    page.get_by_role("button", name="Set sides").click()
    expect(page.locator(".energy .fault")).to_contain_text("No such molecule")
    assert live(page, "S.now().exact") < 0


def test_a_huge_energy_is_no_infinity(energy_page: Page) -> None:
    page = energy_page
    boxes = [page.get_by_label(f"Side l{i}, ") for i in (1, 2, 3)]
    for box, text in zip(boxes, ("0.05", "0.6", "0.6"), strict=True):
        box.fill(text)
    page.get_by_role("button", name="Set sides").click()
    settle(page)
    expect(page.locator(".card.exact .value")).to_contain_text("e+12")
    expect(page.locator(".energy .band")).to_contain_text("a side is under 0.48")


def test_the_curve_can_be_taken_away(energy_page: Page) -> None:
    page = energy_page
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert len(rows) == 121
    assert {"l2", "exact", *KINDS, "coordinates_low", "short_side"} <= set(rows[0])
    assert all(np.isfinite(float(row["exact"])) for row in rows)
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).click()
    assert Path(download.value.path()).read_bytes()[:4] == b"\x89PNG"


def test_a_link_opens_the_same_molecule(energy_page: Page, browser: Browser) -> None:
    page = energy_page
    plot = page.locator(".plot-canvas")
    plot.focus()
    plot.press("1")
    plot.press("PageUp")
    page.wait_for_timeout(600)
    settle(page)
    sides = live(page, "S.screen.boxes.map((b) => b.value)")
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(page.url)
        other.locator(".energy[data-ready=true]").wait_for(timeout=90_000)
        assert live(other, "S.screen.boxes.map((b) => b.value)") == sides
        assert live(other, "S.line.name") == "l1"


def test_a_phone_pulls_with_a_finger(browser: Browser, app_url: str) -> None:
    with browser.new_context(viewport=visit.PHONE, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(f"{app_url}/energy")
        page.locator(".energy[data-ready=true]").wait_for(timeout=90_000)
        visit.wait_until_idle(page, 90)
        assert visit.overflow_px(page) == 0
        plot = page.locator(".plot-canvas")
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        assert box
        x = live(page, "S.screen.plot.x(0.8)")
        page.touchscreen.tap(box["x"] + x, box["y"] + 100)
        settle(page)
        assert live(page, "S.now().t") == pytest.approx(0.8, abs=0.02)
