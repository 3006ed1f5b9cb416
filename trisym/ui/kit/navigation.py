"""The pages of the app: one registry for the menu, the cards on the home page, and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class PageEntry:
    """A page as the menu and the home page name it.

    `path` is relative to app.py; `icon` is a Material symbol; `question` is what a visitor
    explores there, in one short sentence.
    """

    path: str
    title: str
    icon: str
    question: str

    @property
    def url_path(self) -> str:
        return PurePosixPath(self.path).stem


HOME = PageEntry("pages/home.py", "Home", ":material/home:", "What is this?")

SYMMETRY = PageEntry(
    "pages/symmetry.py",
    "Symmetry",
    ":material/3d_rotation:",
    "Turn a triangle by hand: does its latent point stay put?",
)

SYMMETRIES = PageEntry(
    "pages/symmetries.py",
    "Unseen motions",
    ":material/visibility_off:",
    "Ask a network for its symmetries: which motions does it not see?",
)

ENERGY = PageEntry(
    "pages/energy.py",
    "Energy",
    ":material/show_chart:",
    "Pull a side: who finds the energy, and who still does when you turn it?",
)

HIDDEN = PageEntry(
    "pages/hidden_symmetries.py",
    "Hidden symmetries",
    ":material/join_inner:",
    "One side never changes: does the network find out?",
)

TRAINING = PageEntry(
    "pages/training.py",
    "Training",
    ":material/model_training:",
    "Watch a latent space form: which loss finds the shape?",
)

DEGREES = PageEntry(
    "pages/degrees_of_freedom.py",
    "Degrees of freedom",
    ":material/stairs:",
    "How many numbers does a triangle need? The network counts.",
)

LATENT = PageEntry(
    "pages/latent_space.py",
    "Latent space",
    ":material/scatter_plot:",
    "Three numbers for a triangle: drag them, and see which.",
)

CLAIMS = PageEntry(
    "pages/claims.py",
    "Claims",
    ":material/fact_check:",
    "Every number of the thesis: is it true?",
)

PAGES = (HOME, SYMMETRY, SYMMETRIES, ENERGY, HIDDEN, TRAINING, DEGREES, LATENT, CLAIMS)
