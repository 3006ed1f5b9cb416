"""The pages of the app: one registry for the menu, the cards on the home page, and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class PageEntry:
    """A page as the menu and the home page name it.

    `path` is relative to app.py; `icon` is a Material symbol; `question` is what a visitor
    explores there, in one short sentence; `section` is the heading in the menu; `live` says whether
    the page has a live view, `in_menu` whether the menu and the cards on the home page name it.
    """

    path: str
    title: str
    icon: str
    question: str
    section: str = ""
    live: bool = True
    in_menu: bool = True

    @property
    def url_path(self) -> str:
        return PurePosixPath(self.path).stem


HOME = PageEntry("pages/home.py", "Home", ":material/home:", "What is this?")

SYMMETRY = PageEntry(
    "pages/symmetry.py",
    "Symmetry",
    ":material/3d_rotation:",
    "Turn a triangle by hand: does its latent point stay put?",
    "Play",
)

SYMMETRIES = PageEntry(
    "pages/symmetries.py",
    "Unseen motions",
    ":material/visibility_off:",
    "Ask a network for its symmetries: which motions does it not see?",
    "Play",
)

ENERGY = PageEntry(
    "pages/energy.py",
    "Energy",
    ":material/show_chart:",
    "Pull a side: who finds the energy, and who still does when you turn it?",
    "Play",
)

HIDDEN = PageEntry(
    "pages/hidden_symmetries.py",
    "Hidden symmetries",
    ":material/join_inner:",
    "One side never changes: does the network find out?",
    "Understand",
)

TRAINING = PageEntry(
    "pages/training.py",
    "Training",
    ":material/model_training:",
    "Watch a latent space form: which loss finds the shape?",
    "Train",
)

DEGREES = PageEntry(
    "pages/degrees_of_freedom.py",
    "Degrees of freedom",
    ":material/stairs:",
    "How many numbers does a triangle need? The network counts.",
    "Understand",
    live=False,
)

LATENT = PageEntry(
    "pages/latent_space.py",
    "Latent space",
    ":material/scatter_plot:",
    "Three numbers for a triangle: drag them, and see which.",
    "Understand",
)

INSIDE = PageEntry(
    "pages/inside.py",
    "Inside the encoder",
    ":material/blur_on:",
    "How does it measure a side? Look at each of its units.",
    "Understand",
)

VAE = PageEntry(
    "pages/vae.py",
    "A price on the pose",
    ":material/sell:",
    "Six numbers, three too many: does a VAE drop the pose?",
    "Beyond the thesis",
)

MORE_POINTS = PageEntry(
    "pages/more_points.py",
    "More points",
    ":material/hub:",
    "Four, five, six points: how many numbers, and what of their mirror image?",
    "Beyond the thesis",
)

PHYSICS = PageEntry(
    "pages/physics.py",
    "Physics",
    ":material/bolt:",
    "Can physics alone teach it? Asked for the energy only, what does a network find?",
    "Beyond the thesis",
)

CLAIMS = PageEntry(
    "pages/claims.py",
    "Claims",
    ":material/fact_check:",
    "Every number of the thesis: is it true?",
    "Check",
    live=False,
)

LESSONS = PageEntry(
    "pages/lessons.py",
    "Lessons",
    ":material/school:",
    "Start here: seven lessons of five to eight minutes.",
    live=False,
)

ROOM = PageEntry(
    "pages/room.py",
    "Room",
    ":material/groups:",
    "A class follows its teacher on every screen, and guesses together.",
    "Play",
    live=False,
)

OWN_LESSON = PageEntry(
    "pages/own_lesson.py",
    "Make a lesson",
    ":material/edit_note:",
    "String scenes together, write texts and questions, and hand on a link.",
    "Play",
    live=False,
    in_menu=False,
)

# In the order in which a class would take them: each page's foot leads to the next.
PAGES = (
    HOME,
    LESSONS,
    ROOM,
    SYMMETRY,
    SYMMETRIES,
    INSIDE,
    LATENT,
    TRAINING,
    ENERGY,
    DEGREES,
    HIDDEN,
    PHYSICS,
    MORE_POINTS,
    VAE,
    CLAIMS,
    OWN_LESSON,
)
SECTIONS = ("", "Play", "Understand", "Train", "Beyond the thesis", "Check")


def by_section() -> dict[str, list[PageEntry]]:
    """Return the pages under those headings of the menu that have any, in teaching order."""
    found = {name: [page for page in PAGES if page.section == name] for name in SECTIONS}
    return {name: pages for name, pages in found.items() if pages}


def after(entry: PageEntry) -> PageEntry | None:
    """Return the page that a class takes next; None after the last."""
    place = PAGES.index(entry) + 1
    return PAGES[place] if place < len(PAGES) else None
