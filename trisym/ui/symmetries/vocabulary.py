"""What a lesson may name of the page on unseen motions."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON
from trisym.ui.symmetries.scene import Scene

VOCABULARY = PageVocabulary(
    view={
        "spectra": "the dots",
        "world": "the triangle in the motion",
        "desk": "the twelve sliders",
        "latent": "the latent point and its drift",
        "player": "play, size, other triangle",
    },
    page=COMMON,
    events={
        "played": "the rank of the motion that was chosen, 1 the strongest answer",
        "row": "which network it was chosen of, from 1",
        "unseen": "1 where the shown network does not see the motion, else 0",
        "combined": "1 after a slider",
    },
    scenes={"scene": Scene.from_text},
)
