"""The way to a browser: a shell by apt, what is there, a download, apt's whole one, a sentence."""

from __future__ import annotations

import subprocess

import pytest

from tests.browser import chromium, install


class Machine:
    """A machine on which commands with one word in them, if any, bring a browser."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *, brings: str, apt: bool, browser: bool = False
    ) -> None:
        self.commands: list[list[str]] = []
        self.brings = brings
        self.has_browser = browser
        monkeypatch.setattr(chromium, "found", lambda: "/chromium" if self.has_browser else None)
        monkeypatch.setattr(install, "may_use_apt", lambda: apt)
        monkeypatch.setattr(install.shutil, "which", lambda _: None)
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        self.commands.append(command)
        works = command[-1] == "update" or self.brings in command
        self.has_browser = self.has_browser or (works and "install" in command)
        return subprocess.CompletedProcess(command, 0 if works else 1)


def test_a_browser_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, brings="", apt=False, browser=True)
    install.main()
    assert machine.commands == []


def test_a_shell_is_got_beside_a_whole_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, brings="", apt=True, browser=True)
    install.main()
    assert machine.commands == install.QUICK


def test_a_shell_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, brings=chromium.SHELL, apt=True)
    install.main()
    assert machine.commands == install.QUICK


def test_apt_follows_a_download_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, brings="chromium", apt=True)
    monkeypatch.setattr(install, "DOWNLOAD", [["playwright", "install"]])
    install.main()
    assert machine.commands == [*install.QUICK, *install.DOWNLOAD, *install.APT]


def test_no_way_to_a_browser_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, brings="", apt=False)
    with pytest.raises(SystemExit, match="need Chromium or Chrome: install one"):
        install.main()


def test_a_program_that_does_not_start_is_no_browser() -> None:
    assert not chromium.starts("/nowhere/chromium")
    assert not chromium.starts("/bin/false")
