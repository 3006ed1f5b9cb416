"""Hands for the stage's tests: finds places on the canvases, drags, and reads what holds."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Locator, Page

from tests.browser import visit
from tests.browser.probe import Probe

HEARD = """(() => {
  const { pose, camera, tool } = JSON.parse(it.innerText);
  const { yaw, pitch, zoom } = state.camera;
  const apart = [...pose.flat().map((value, i) => value - state.vertices[i]),
    ...camera.map((value, i) => value - [yaw, pitch, zoom][i])];
  return tool === state.tool && apart.every((value) => Math.abs(value) < 1e-4);
})()"""
TOUCH_RATE = 12  # steps of a finger's way


class StageDriver(Probe):
    """The one stage on a page of `app.py`."""

    def __init__(self, page: Page, url: str) -> None:
        super().__init__(page, "stage")
        self.url = url

    def open(self, query: str = "") -> StageDriver:
        self.page.goto(f"{self.url}/{query}")
        return self.wait()

    def wait(self) -> StageDriver:
        self.ready()
        visit.wait_until_idle(self.page)
        return self

    def start_again(self) -> None:
        """As a fresh visitor finds it, without the wait for a fresh page."""
        self.page.keyboard.press("Escape")
        self.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
        self.restart()
        visit.wait_until_idle(self.page)

    # what holds now

    @property
    def pose(self) -> np.ndarray:
        return np.array(self.state()["vertices"]).reshape(3, 3)

    @property
    def sides(self) -> np.ndarray:
        return np.linalg.norm(self.pose - np.roll(self.pose, -1, axis=0), axis=1)

    @property
    def camera(self) -> dict[str, float]:
        return dict(self.state()["camera"])

    @property
    def drift(self) -> float:
        """Of the first model."""
        return float(self.state()["drift"][0])

    @property
    def told(self) -> dict[str, Any]:
        """What Python knows, as the app wrote it once it had heard of what the stage shows."""
        code = self.page.get_by_test_id("stCode")
        self.until(HEARD, code.element_handle())
        visit.wait_until_idle(self.page)
        return json.loads(code.inner_text())

    @property
    def fault(self) -> str:
        return self.page.locator(".fault").inner_text()

    @property
    def status(self) -> str:
        return self.page.locator(".status").inner_text()

    @property
    def world(self) -> Locator:
        return self.page.locator(".world-canvas")

    def settle(self) -> None:
        """Until what happened has been told."""
        self.settled()
        visit.wait_until_idle(self.page)

    # places, in CSS pixels of the page

    def spot(self, kind: str) -> tuple[float, float]:
        """`v1`, `v2`, `v3`: a vertex; `face`: the triangle's middle; `space`: a free corner."""
        box = self.world.bounding_box()
        assert box
        if kind == "space":
            return box["x"] + 0.04 * box["width"], box["y"] + 0.9 * box["height"]
        spots = np.array(self.state()["spots"])[:, :2]
        at = spots.mean(axis=0) if kind == "face" else spots[int(kind[1]) - 1]
        width, height = self.world.evaluate("c => [c.clientWidth, c.clientHeight]")
        x, y = at * [box["width"] / width, box["height"] / height]  # whole pixels, stretched
        return float(box["x"] + x), float(box["y"] + y)

    # hands

    def drag(self, kind: str, dx: float, dy: float, *, release: bool = True) -> None:
        x, y = self.spot(kind)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        for step in range(1, 9):
            mouse.move(x + dx * step / 8, y + dy * step / 8)
        if release:
            mouse.up()
            self.settle()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def click(self, name: str) -> None:
        self.page.locator(".stage").get_by_role("button", name=name, exact=True).click()
        self.settle()

    def tool(self, name: str) -> None:
        self.page.get_by_role("radio", name=name).click()
        self.settle()

    def type_sides(self, *sides: object) -> None:
        for box, side in zip(self.page.locator(".sides input").all(), sides, strict=True):
            box.fill(str(side))
        self.page.get_by_role("button", name="Set sides").click()
        self.settle()


def touch(cdp: CDPSession, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """One finger for each way (from, to), all at once."""

    def send(kind: str, part: float) -> None:
        points = [
            {"id": i, "x": a[0] + part * (b[0] - a[0]), "y": a[1] + part * (b[1] - a[1])}
            for i, (a, b) in enumerate(ways)
        ]
        touches = [] if kind == "touchEnd" else points
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", 0)
    for step in range(1, TOUCH_RATE + 1):
        send("touchMove", step / TOUCH_RATE)
    send("touchEnd", 1)


def websocket_frames(page: Page) -> list[str]:
    """A list that grows by one with each message that the page sends from now on."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    sent: list[str] = []
    cdp.on("Network.webSocketFrameSent", lambda event: sent.append(event["requestId"]))
    return sent
