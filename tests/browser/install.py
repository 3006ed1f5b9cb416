"""Makes sure there is a Chromium for the browser tests: `python -m tests.browser.install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser import chromium

DOWNLOAD = [[sys.executable, "-m", "playwright", "install", "chromium"]]
APT = [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]]


def ways() -> list[list[list[str]]]:
    """Return the ways to get a browser that are open to this user, the cheapest first."""
    may_use_apt = shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0
    return [DOWNLOAD, APT] if may_use_apt else [DOWNLOAD]


def main() -> None:
    """Find a browser or install one; exit with a sentence when neither works."""
    path = chromium.found()
    for commands in ways():
        if path:
            break
        for command in commands:
            print("No browser yet:", " ".join(command), flush=True)
            if subprocess.run(command, check=False).returncode != 0:
                break
        path = chromium.found()
    if not path:
        sys.exit("The browser tests need Chromium or Chrome: install one, and run this again.")
    print(f"Browser for the tests: {path}")


if __name__ == "__main__":
    main()
