"""What a lesson may name of the energy page."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.energy.scene import Scene
from trisym.ui.kit.places import COMMON, TRIANGLE_EVENTS

VOCABULARY = PageVocabulary(
    view={
        "world": "the molecule",
        "tools": "rotate, move, reshape, camera",
        "curve": "the energy along the line",
        "pulling": "which side is pulled, and the slider",
        "cards": "exact and predicted energies",
        "actions": "tumble, random pose and others",
        "sides": "the sides as numbers, downloads",
        "told": "the sentence below",
    },
    page=COMMON,
    events={
        **TRIANGLE_EVENTS,
        "pulled": "how far the side was pulled, in the unit of the box",
        "minimum": "1 where the pulled side went through the energy's minimum, else 0",
        "line": "which line is pulled, 1 to 3 or 8",
    },
    scenes={"molecule": Scene.from_text},
)
