"""The app's own address as this visitor's browser sees it, and links as QR codes."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import segno
import streamlit as st

from trisym.ui.kit.navigation import PAGES


def base() -> str:
    """Return the address of the app as this browser sees it, with a slash at the end."""
    here = urlsplit(st.context.url or f"http://localhost:{st.get_option('server.port')}/")
    path = here.path
    for page in PAGES:
        path = path.removesuffix(f"/{page.url_path}")
    return f"{here.scheme}://{here.netloc}{path.rstrip('/')}/"


def qr(link: str) -> str:
    """Return the QR code of a link as SVG: dark on light, whatever the theme."""
    picture = io.BytesIO()
    code = segno.make(link, error="m", micro=False)
    code.save(picture, kind="svg", xmldecl=False, border=3, scale=10, light="white", dark="black")
    return picture.getvalue().decode()
