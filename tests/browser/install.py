"""Makes sure there is a Chromium for the browser tests: `python -m tests.browser.install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser import chromium


def apt(package: str) -> list[list[str]]:
    """Return the commands that install a package of Debian's or Ubuntu's."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    return [["apt-get", "update"], install]


QUICK = apt(chromium.SHELL)
DOWNLOAD = [[sys.executable, "-m", "playwright", "install", "chromium"]]
APT = apt("chromium")


def may_use_apt() -> bool:
    """Say whether this user can install packages of Debian's or Ubuntu's."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def run(commands: list[list[str]]) -> None:
    """Run commands until one fails."""
    for command in commands:
        print("No browser yet:", " ".join(command), flush=True)
        if subprocess.run(command, check=False).returncode != 0:
            break


def main() -> None:
    """Find a browser or install one; exit with a sentence when none is to be had."""
    apt_too = may_use_apt()
    if apt_too and not shutil.which(chromium.SHELL):
        run(QUICK)  # even beside a whole browser: the tests take a third less time with it
    path = chromium.found()
    for commands in [DOWNLOAD, APT] if apt_too else [DOWNLOAD]:
        if path:
            break
        run(commands)
        path = chromium.found()
    if not path:
        sys.exit("The browser tests need Chromium or Chrome: install one, and run this again.")
    print(f"Browser for the tests: {path}")


if __name__ == "__main__":
    main()
