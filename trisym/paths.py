"""Folders of the app, its pages, the shipped models, the README, and of saved runs.

In a checkout they lie beside the library; an installed package carries them inside itself, where
pyproject.toml puts them.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
INSTALLED = (PACKAGE / "_app").is_dir()
ROOT = PACKAGE / "_app" if INSTALLED else PACKAGE.parent
PRETRAINED = ROOT / "pretrained"
# Unless $TRISYM_HOME names another folder; what is installed may not be writable, and is replaced.
SAVED = Path("~/.trisym") if INSTALLED else ROOT / "library"
