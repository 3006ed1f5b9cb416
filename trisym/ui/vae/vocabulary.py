"""What a lesson may name of the page on variational autoencoders."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON, TRIANGLE_EVENTS
from trisym.ui.vae.scene import Scene

VOCABULARY = PageVocabulary(
    view={
        "world": "the triangle in the hand, and the other one, dashed",
        "tools": "rotate, move, reshape, camera",
        "ways": "what each network decodes on the path",
        "walk": "how far along the path, and the buttons",
    },
    page=COMMON,
    events={**TRIANGLE_EVENTS, "walked": "how far along the path the hand went, of 1"},
    scenes={"between": Scene.from_text},
)
