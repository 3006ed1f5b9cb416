"""Finds a Chromium for the browser tests, and the flags it runs with."""

from __future__ import annotations

import shutil
import subprocess

from playwright.sync_api import Playwright, sync_playwright

# For each context a whole browser opens a window with a toolbar of web pages: a second of CPU.
# Its shell, which has no window, takes a sixth of that.
SHELL = "chromium-headless-shell"
SYSTEM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

# No sandbox, because CI is often root in a container; no GPU, so that every machine draws alike;
# and no background traffic, which a machine without network would answer with errors.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find(playwright: Playwright) -> str | None:
    """Return the path of a Chromium that starts: a shell, Playwright's own, or an installed one."""
    shell, *installed = (shutil.which(name) for name in (SHELL, *SYSTEM_NAMES))
    candidates = filter(None, [shell, playwright.chromium.executable_path, *installed])
    return next((path for path in candidates if starts(path)), None)


def starts(path: str) -> bool:
    """Say whether the program runs at all; a download may lack the system's libraries."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except OSError:
        return False
    return done.returncode == 0


def found() -> str | None:
    """Return `find`'s answer where no Playwright is running yet."""
    with sync_playwright() as playwright:
        return find(playwright)
