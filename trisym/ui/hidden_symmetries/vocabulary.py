"""What a lesson may name of the page on hidden symmetries."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.hidden_symmetries.scene import Scene
from trisym.ui.kit.places import COMMON, TRIANGLE_EVENTS

VOCABULARY = PageVocabulary(
    view={
        "world": "the triangle",
        "rules": "which set the hand obeys",
        "sets": "the clouds of the three sets",
        "readings": "the errors below the clouds",
        "actions": "wander, renumber, new triangle",
        "colours": "the choice of colours",
        "told": "the sentence below",
    },
    page=COMMON,
    events={
        **TRIANGLE_EVENTS,
        "renumbered": "1 after the vertices were renumbered",
        "obeyed": "which set the hand obeys, 1 to 3",
        "brushed": "triangles under the brush",
    },
    scenes={"hand": Scene.from_text},
)
