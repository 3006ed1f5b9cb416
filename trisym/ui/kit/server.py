"""The server around the pages: gives browsers their cookies, and starts what can't wait for one.

`streamlit run app.py` serves the object `app` of app.py, an ASGI application: st.App with these.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys
import threading
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import click
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from trisym import devices, ui
from trisym.errors import TrisymError
from trisym.storage import visitors
from trisym.storage.home import has_unfinished_runs
from trisym.ui.kit import visitor

YEAR_S = 365 * 24 * 3600
EARLY_S = 2.0  # after the start, when whoever opened the app sees its first page
FRAMES = ("iframe", "frame", "embed", "object")  # Sec-Fetch-Dest of a page inside another page


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Tell the operator the key, and go on with the runs of a server that was killed."""
    devices.share_memory_pools()
    _tell_the_key()
    if has_unfinished_runs():
        _jobs().warm()
    early = threading.Timer(EARLY_S, _import_pages)
    early.daemon = True
    early.start()
    yield
    early.cancel()
    if "trisym.jobs.queue" in sys.modules:
        _jobs().close_queue()


def _import_pages() -> None:
    """Import what pages draw with, so that no class waits for it at a page's first visit.

    Nor does one wait for Python to look through all of it for garbage, time and again.
    """
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def _jobs() -> ModuleType:
    """Return the training queue's module, which brings torch: no start waits for it."""
    from trisym.jobs import queue

    return queue


def _tell_the_key() -> None:
    base = st.get_option("server.baseUrlPath").strip("/")
    place = f"localhost:{st.get_option('server.port')}/{base}"
    try:
        link = f"http://{place}?{visitor.PARAMETER}={visitors.operator_key()}"
        click.echo(f"  Without limits, for who runs this server: {link}\n")
    except TrisymError as error:
        click.echo(f"  {error}\n", err=True)


class Cookies:
    """Gives a browser that opens a page its token, and the operator's browser its pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; one for a page with cookies."""
        is_page = scope["type"] == "http" and scope["method"] == "GET"
        request = Request(scope) if is_page else None
        if request is None or "text/html" not in request.headers.get("accept", ""):
            await self.app(scope, receive, send)
            return

        async def send_with_cookies(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                cookies = [(b"set-cookie", text.encode()) for text in _cookies(request)]
                message["headers"] = [*message.get("headers", []), *cookies]
            await send(message)

        await self.app(scope, receive, send_with_cookies)


MIDDLEWARE = (Middleware(Cookies),)


def _cookies(request: Request) -> list[str]:
    """Return the cookies of a browser, so that it is the same visitor for another year."""
    try:
        visitor_id = visitors.read_token(request.cookies.get(visitor.cookie(), ""))
        visitor_id = visitor_id or visitors.new_id()
        found = {visitor.cookie(): visitors.token(visitor_id)}
        key = request.query_params.get(visitor.PARAMETER)
        if key is not None and visitors.is_key(key):
            found[visitor.operators_cookie()] = visitors.pass_for(visitor_id)
    except TrisymError:  # a bad setting, or too many wrong keys: the page says so
        return []
    return [f"{name}={value}; {_rules(request)}" for name, value in found.items()]


def _rules(request: Request) -> str:
    """Return a cookie's rules.

    With no path it belongs to the folder of the page's address as the browser sees it, which is
    right behind a proxy that cuts the address. In another site's page a browser keeps it only if
    it is partitioned, which needs TLS.
    """
    rules = f"Max-Age={YEAR_S}; HttpOnly"
    proto = request.headers.get("x-forwarded-proto", request.url.scheme)
    if not proto.startswith("https"):
        return f"{rules}; SameSite=Lax"
    framed = request.headers.get("sec-fetch-dest") in FRAMES
    return f"{rules}; Secure; {'SameSite=None; Partitioned' if framed else 'SameSite=Lax'}"
