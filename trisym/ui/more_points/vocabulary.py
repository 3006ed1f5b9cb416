"""What a lesson may name of the page of more points."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON, TRIANGLE_EVENTS
from trisym.ui.more_points.scene import Scene

VOCABULARY = PageVocabulary(
    view={
        "world": "the points in the cube",
        "tools": "rotate, move, reshape, camera",
        "latents": "the networks' panels",
        "numbers": "drift, verdict and errors beside each cloud",
        "counts": "how many points",
        "motions": "the buttons of motions, mirror and new points",
        "told": "the sentence, the counts and the colours below the view",
    },
    page=COMMON,
    events={
        **TRIANGLE_EVENTS,
        "points": "how many points are shown",
        "mirrored": "how often Mirror was pressed",
        "drift": "the largest drift that the networks show, in spreads",
    },
    scenes={"points": Scene.from_text},
)
