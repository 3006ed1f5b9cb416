"""The physics page in a real browser: one hand, three networks, the forces and the film."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

import trisym
from tests import folds
from tests.browser import visit
from tests.browser.saved import offline, opened
from tests.browser.stage.driver import StageDriver
from tests.browser.tabs import Tabs
from trisym.ui.physics import networks, run
from trisym.ui.symmetry.scene import Scene


@pytest.fixture(scope="module")
def stage(shared_page: Page, app_url: str) -> StageDriver:
    shared_page.goto(f"{app_url}/physics{folds.QUERY}")
    return StageDriver(shared_page, f"{app_url}/physics").wait()


def test_a_turned_molecule_keeps_one_dot_its_link_and_gets_new_forces(stage: StageDriver) -> None:
    page = stage.page
    expect(page.locator(".latent .title")).to_have_text(
        [networks.TITLES[name] for name in networks.FIRST]
    )
    forces = page.locator("table", has_text="angle to the exact force")
    before, pose, sides = forces.inner_text(), stage.pose, stage.sides
    stage.world.focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowLeft", "ArrowUp") * 3:
        page.keyboard.press(key)
    visit.wait_for_link(
        page, Scene, "molecule", lambda scene: not np.allclose(scene.vertices, pose, atol=1e-3)
    )
    expect(forces).not_to_have_text(before)
    visit.wait_until_idle(page)
    assert np.allclose(stage.sides, sides, atol=1e-9)
    alone, both, _ = stage.state()["drift"]
    assert alone < 0.1 < both


def test_the_browsers_latents_are_torchs_in_units_of_the_box(stage: StageDriver) -> None:
    """z(edge · x), over the three nodes that the head sees: a drift as the stage has it."""
    edge, _ = networks.limits()
    poses = torch.tensor(np.stack([stage.pose, networks.START.vertices])) * edge
    cloud = torch.from_numpy(networks.reference().copy()) * edge
    for name, drift in zip(networks.FIRST, stage.state()["drift"], strict=True):
        model = networks.models.network(name)
        seen = slice(model.config.sees)
        spread = model.encode(cloud)[:, seen].var(dim=0, correction=0).sum().sqrt()
        now, start = model.encode(poses.float())[:, seen]
        assert drift == pytest.approx(((now - start).norm() / spread).item(), abs=2e-3)


def test_the_film_ends_with_its_symmetries_found(stage: StageDriver) -> None:
    film = stage.page.locator(".film")
    expect(film).to_have_attribute("data-ready", "true")
    expect(film.get_by_role("button", name="Take away")).to_be_visible()
    last = film.locator(".scrubber").get_attribute("max")
    film.locator(".scrubber").fill(str(last))
    expect(film.locator(".place")).to_have_text(re.compile(r"frame (\d+) of \1"))
    expect(film.locator(".answer-canvas")).to_have_attribute(
        "aria-label", re.compile("translations found in epoch")
    )


def test_the_film_is_taken_away_as_a_file(tabs: Tabs, tmp_path: Path) -> None:
    """From the command line as from the page, whose zip names the command."""
    file = trisym.export(run.ADDRESS, tmp_path / "film.html")
    with offline(tabs) as page:
        probe = opened(page, file)
        assert probe.name == "film"
        expect(page.locator("h1")).to_have_text(run.TITLE)
        expect(page.locator(".side-error dt")).to_have_text("validation loss")
        last = page.locator(".scrubber").get_attribute("max")
        page.locator(".scrubber").fill(str(last))
        expect(page.locator(".blind dd")).to_have_text("6")
        expect(page.locator(".local-form")).to_be_hidden()
