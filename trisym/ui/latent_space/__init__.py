"""The decoder by hand: drag a latent point, and the triangle that it stands for follows.

A page calls `decoder(model, cloud, key=...)`. NumPy only: torch is not imported here.
"""

from __future__ import annotations

from trisym.ui.latent_space.component import SpaceCloud, decoder, latent_from_text

__all__ = ["SpaceCloud", "decoder", "latent_from_text"]
