"""Where app, pages, pretrained models and README lie: in a checkout beside the library."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
# An installed package carries them inside itself; pyproject.toml puts them there.
ROOT = PACKAGE / "_app" if (PACKAGE / "_app").is_dir() else PACKAGE.parent
PRETRAINED = ROOT / "pretrained"
