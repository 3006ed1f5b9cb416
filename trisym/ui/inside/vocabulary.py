"""What a lesson may name of the page on the encoder."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.inside.scene import Scene
from trisym.ui.kit.places import COMMON, TRIANGLE_EVENTS

VOCABULARY = PageVocabulary(
    view={
        "world": "the triangle",
        "spheres": "the spheres",
        "bars": "what the units add up to",
        "networks": "the choice of a network",
        "actions": "random motion, tumble",
        "film": "the recorded training",
        "shift": "the shift of all axes",
        "told": "the sentences below the view",
    },
    page=COMMON,
    events={
        **TRIANGLE_EVENTS,
        "moment": "where the recorded training is, from 0 to 1",
        "shifted": "edges that all axes are shifted by",
        "bent": "1 where the input is bent below 0, else 0",
        "chosen": "the place of the network that was chosen, from 1",
    },
    scenes={"spheres": Scene.from_text},
)
