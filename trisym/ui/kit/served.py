"""Files that browsers keep: content under the hash of itself, served once and good for a year.

What is large goes to the browser this way and not through the websocket, which sends it at every
visit. Where app.py's routes are not served (a test, another entry), it stays in the message.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

FOLDER = "files"
ADDRESS = rf"{FOLDER}/[0-9a-f]{{32}}\.[a-z]+"
TYPES: Mapping[str, str] = {
    "js": "text/javascript",
    "json": "application/json",
    "txt": "text/plain",
}
LEAST = 4_000  # bytes: less is sent sooner than it is asked for
MOST_KEPT = 64_000_000  # bytes, compressed: a hundred films of runs


class Shelf:
    """Compressed files by address; of those not kept for good, the longest unused go first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.most = most
        self._passing: OrderedDict[str, bytes] = OrderedDict()
        self._for_good: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def put(self, address: str, content: bytes, *, for_good: bool) -> None:
        """Keep a file where it is not kept already."""
        if self.get(address) is not None and (not for_good or address in self._for_good):
            return
        packed = gzip.compress(content, mtime=0)
        with self._lock:
            if for_good:
                self._passing.pop(address, None)
                self._for_good[address] = packed
                return
            self._passing[address] = packed
            while len(self._passing) > 1 and sum(map(len, self._passing.values())) > self.most:
                self._passing.popitem(last=False)

    def get(self, address: str) -> bytes | None:
        """Return a file, compressed by gzip; None where there is none."""
        with self._lock:
            if address in self._passing:
                self._passing.move_to_end(address)
            return self._for_good.get(address) or self._passing.get(address)


SHELF = Shelf()
_routed = threading.Event()


def is_served() -> bool:
    """Say whether browsers can fetch files from this process."""
    return _routed.is_set()


def address_of(content: bytes, ending: str) -> str:
    """Return where a file lies, relative to any page of the app."""
    return f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:32]}.{ending}"


def put_for_good(content: bytes, ending: str) -> str:
    """Serve a file as long as the process lives; return its address."""
    address = address_of(content, ending)
    SHELF.put(address, content, for_good=True)
    return address


class JsonFile:
    """A JSON value that a component's data refers to: keep it beside what it was made from."""

    def __init__(self, value: object) -> None:
        self._content = json.dumps(value, separators=(",", ":")).encode()
        self._address = address_of(self._content, "json")

    def sent(self) -> Any:
        """Return what stands for the value in a component's data: {"$file": address}, or itself."""
        if not is_served() or len(self._content) < LEAST:
            return self.value()
        return {"$file": self.address()}

    def address(self) -> str:
        """Serve the value as a file, which is fetched when somebody asks for it."""
        SHELF.put(self._address, self._content, for_good=False)
        return self._address

    def value(self) -> Any:
        """Return the value itself."""
        return json.loads(self._content)


def routes(base: str) -> list[Route]:
    """Return the route under the app's base path, and serve files from now on."""
    from starlette.routing import Route

    _routed.set()
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [Route(f"{prefix}/{FOLDER}/{{name}}", _answer)]


async def _answer(request: Request) -> Response:
    from starlette.responses import PlainTextResponse, Response

    name = str(request.path_params["name"])
    packed = SHELF.get(f"{FOLDER}/{name}")
    # Read by embedded pages of other origins too; there is nothing secret in it.
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    if packed is None:
        return PlainTextResponse(
            "not here (any more)", 404, headers | {"Cache-Control": "no-store"}
        )
    headers |= {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    kind = TYPES[name.rpartition(".")[2]]
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return Response(gzip.decompress(packed), headers=headers, media_type=kind)
