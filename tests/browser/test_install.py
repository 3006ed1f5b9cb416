"""The way to a browser: what is there first, then a download, then apt, then one clear sentence."""

from __future__ import annotations

import subprocess

import pytest

from tests.browser import chromium, install


class Machine:
    """A machine on which one command, if any, brings a browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, brings: str, has_browser: bool) -> None:
        self.commands: list[list[str]] = []
        self.brings = brings
        self.has_browser = has_browser
        monkeypatch.setattr(chromium, "found", lambda: "/chromium" if self.has_browser else None)
        monkeypatch.setattr(install, "ways", lambda: [install.DOWNLOAD, install.APT])
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        self.commands.append(command)
        works = bool(self.brings) and self.brings in command[0]
        self.has_browser = self.has_browser or (works and "install" in command)
        return subprocess.CompletedProcess(command, 0 if works else 1)


def test_a_browser_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, brings="", has_browser=True)
    install.main()
    assert machine.commands == []


def test_apt_follows_a_download_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, brings="apt-get", has_browser=False)
    install.main()
    assert machine.commands == [*install.DOWNLOAD, *install.APT]


def test_no_way_to_a_browser_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, brings="", has_browser=False)
    with pytest.raises(SystemExit, match="need Chromium or Chrome: install one"):
        install.main()


def test_a_program_that_does_not_start_is_no_browser() -> None:
    assert not chromium.starts("/nowhere/chromium")
    assert not chromium.starts("/bin/false")
