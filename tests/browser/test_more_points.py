"""Three to six points in a real browser: what is drawn is what torch says, mirrored or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import SETTLED, Probe
from trisym.geometry import side_lengths
from trisym.storage import checkpoints
from trisym.ui.more_points.scene import Scene

CLOSE = 1e-5


def act(probe: Probe, name: str, holds: str) -> dict[str, Any]:
    """Press a button of the view, and wait until what it does has been told."""
    before = probe.settled()
    probe.root.locator(f"[data-act={name}]").click()
    return probe.until(f"{SETTLED} && state.reports > it.reports && ({holds})", before)


def count(probe: Probe, points: int) -> dict[str, Any]:
    probe.root.locator(f"[data-count='{points}']").click()
    return probe.until(
        f"{SETTLED} && state.count === it && state.drift.every(Number.isFinite)", points
    )


def agrees_with_torch(state: dict[str, Any]) -> None:
    shape = torch.tensor(state["vertices"]).reshape(1, state["count"], 3)
    assert np.allclose(state["distances"], side_lengths(shape)[0], atol=CLOSE)
    for name, latent, error in zip(
        state["models"], state["latents"], state["pairErrors"], strict=True
    ):
        model = checkpoints.load_autoencoder(name)
        assert np.allclose(latent, model.encode(shape)[0], atol=CLOSE)
        rebuilt = side_lengths(model(shape)) - side_lengths(shape)
        assert abs(error - rebuilt.abs().mean().item()) < CLOSE


def test_three_to_six_points_under_hand_and_mirror(open_page: Callable[..., Page]) -> None:
    page = open_page("more_points", viewport=visit.PROJECTOR)
    probe = Probe(page, "points")
    probe.ready()
    status = page.locator(".points .status")
    opened = probe.settled()
    assert opened["models"] == ["points-4", "points-4-volume"]
    agrees_with_torch(opened)

    mirrored = act(probe, "mirror", "true")
    agrees_with_torch(mirrored)
    assert np.allclose(mirrored["distances"], opened["distances"], atol=1e-9)
    distances, volume = mirrored["drift"]
    assert distances < 0.1 < 0.5 < volume  # only what was trained on the volume notices
    expect(status).to_contain_text("no rotation does the same")

    renumbered = act(probe, "swap", "state.drift.every((drift) => drift === 0)")
    agrees_with_torch(renumbered)
    assert sorted(renumbered["distances"]) != renumbered["distances"]
    assert np.allclose(sorted(renumbered["distances"]), sorted(opened["distances"]), atol=1e-9)

    for points in (3, 5, 6):
        agrees_with_torch(count(probe, points))
    count(probe, 3)
    act(probe, "mirror", "true")
    expect(status).to_contain_text("a rotation in space does the same")

    count(probe, 5)
    canvas = page.locator(".points .world-canvas")
    canvas.focus()
    before = probe.settled()["vertices"]
    page.keyboard.press("5")
    page.keyboard.press("ArrowRight")
    moved = probe.until(
        f"{SETTLED} && JSON.stringify(state.vertices) !== JSON.stringify(it)", before
    )
    agrees_with_torch(moved)
    changed = np.abs(np.subtract(moved["vertices"], before)).reshape(-1, 3).max(1) > 1e-9
    assert changed.tolist() == [False, False, False, False, True]

    visit.wait_until_idle(page)
    page.goto(page.url)  # a link opens the same points
    probe.ready()
    again = probe.settled()
    assert again["count"] == 5
    assert np.allclose(again["vertices"], moved["vertices"], atol=1e-6)


def test_a_bad_link_is_said_and_the_page_goes_on(open_page: Callable[..., Page]) -> None:
    text = Scene(points="6").to_text()
    page = open_page(f"more_points?points={text[:-4]}AAAA", viewport=visit.PHONE)
    probe = Probe(page, "points")
    probe.ready()
    expect(page.get_by_text("damaged or cut off").first).to_be_visible()
    assert probe.settled()["count"] == 4
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= visit.PHONE["width"]
