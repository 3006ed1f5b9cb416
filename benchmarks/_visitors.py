"""A visitor without a browser: Streamlit's own messages over a real websocket, one session each.

What a page refers to by an address is fetched once a visitor, as a browser with a cache does.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from trisym.ui.kit.served import ADDRESS

LONGEST_S = 300.0
TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget by which a component tells of events


@dataclass(frozen=True)
class Visit:
    """The cost of one full run of a page: seconds until it was finished, bytes, and faults.

    `sent` counts the websocket's messages, `fetched` what they refer to and this visitor had not
    fetched before.
    """

    seconds: float
    sent: int
    fetched: int
    faults: tuple[str, ...]


@dataclass
class Visitor:
    """One session of the app, and what its browser would have kept."""

    url: str
    socket: ClientConnection
    kept: set[str] = field(default_factory=set)
    pages: dict[str, str] = field(default_factory=dict)  # script hashes by URL path
    buttons: dict[str, str] = field(default_factory=dict)  # ids by label, of all pages so far
    components: dict[str, str] = field(default_factory=dict)  # ids by name, of all pages so far
    fragments: dict[str, str] = field(default_factory=dict)  # that they are in
    told: dict[str, str] = field(default_factory=dict)  # their latest data, as JSON
    here: str = ""  # the script hash of the page that this visitor is on
    query: str = ""  # of its link

    async def open(self, page: str, query: str = "", pressed: str | None = None) -> Visit:
        """Open a page by its URL path ("" is home) and wait until its script has finished.

        `pressed`: the label of a button of this page, which is open already.
        """
        request = BackMsg()
        request.rerun_script.page_name = page
        request.rerun_script.page_script_hash = self.pages.get(page, "")
        request.rerun_script.query_string = query
        request.rerun_script.context_info.url = f"{self.url}/{page}"
        self.query = query
        if pressed is not None:
            widget = request.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = self.buttons[pressed], True
        return await self._ask(request)

    async def send(self, component: str, event: str, value: object) -> Visit:
        """Let a component of the page that is open tell Python, and wait for the page's run."""
        request = BackMsg()
        request.rerun_script.page_script_hash = self.here
        request.rerun_script.query_string = self.query
        widget = request.rerun_script.widget_states.widgets.add()
        widget.id = TRIGGER.format(self.components[component])
        widget.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self._ask(request)

    async def tell(self, component: str, name: str, value: object) -> Visit:
        """Let a component in a fragment set its state, and wait for the fragment's run."""
        request = BackMsg()
        request.rerun_script.page_script_hash = self.here
        request.rerun_script.query_string = self.query
        request.rerun_script.fragment_id = self.fragments[component]
        widget = request.rerun_script.widget_states.widgets.add()
        widget.id = self.components[component]
        widget.json_value = json.dumps({name: value})
        return await self._ask(request)

    async def _ask(self, request: BackMsg) -> Visit:
        request.rerun_script.context_info.color_scheme = "light"
        begun = time.perf_counter()
        await self.socket.send(request.SerializeToString())
        sent, faults, addresses = await self._until_finished()
        seconds = time.perf_counter() - begun
        return Visit(seconds, sent, await self._fetch(addresses), tuple(faults))

    async def _until_finished(self) -> tuple[int, list[str], set[str]]:
        sent, faults, addresses = 0, [], set[str]()
        while True:
            data = await asyncio.wait_for(self.socket.recv(decode=False), LONGEST_S)
            sent += len(data)
            addresses |= {found.decode() for found in re.findall(ADDRESS.encode(), data)}
            message = ForwardMsg.FromString(data)
            faults += _fault(message)
            self._learn(message)
            if _is_last(message):
                return sent, faults, addresses

    def _learn(self, message: ForwardMsg) -> None:
        if message.HasField("new_session"):
            self.here = message.new_session.page_script_hash
        if message.HasField("page_info_changed"):
            self.query = message.page_info_changed.query_string
        if message.HasField("navigation"):
            self.pages = {
                "" if page.is_default else page.url_pathname: page.page_script_hash
                for page in message.navigation.app_pages
            }
        element: Any = message.delta.new_element
        if element.HasField("button"):
            self.buttons[element.button.label] = element.button.id
        if element.HasField("bidi_component"):
            name = element.bidi_component.component_name
            self.components[name] = element.bidi_component.id
            self.fragments[name] = message.delta.fragment_id
            self.told[name] = element.bidi_component.json

    async def _fetch(self, addresses: set[str]) -> int:
        new = addresses - self.kept
        self.kept |= new
        return sum([await asyncio.to_thread(_fetched, f"{self.url}/{path}") for path in new])


def _fault(message: ForwardMsg) -> list[str]:
    """Return what the message says that went wrong, if it does."""
    ended = message.script_finished
    if message.HasField("script_finished") and ended == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
        return ["the page could not be compiled"]
    element: Any = message.delta.new_element
    return [element.exception.message] if element.HasField("exception") else []


def _is_last(message: ForwardMsg) -> bool:
    """Say whether the run is over; one that ends early for another run is not."""
    early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
    return message.HasField("script_finished") and message.script_finished != early


def _fetched(url: str) -> int:
    """Return the bytes that come over the wire for a file."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=LONGEST_S) as answer:
        return len(answer.read())


@asynccontextmanager
async def arriving(url: str, kept: set[str] | None = None) -> AsyncIterator[Visitor]:
    """Connect a visitor; `kept` is what an earlier visit left in the browser's cache."""
    stream = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(stream, max_size=None, compression=None) as socket:
        yield Visitor(url, socket, set() if kept is None else kept)
