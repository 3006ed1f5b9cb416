"""What a lesson may name of the page on the latent space."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON
from trisym.ui.latent_space.scene import Scene

VOCABULARY = PageVocabulary(
    view={
        "latents": "the latent cloud and its point",
        "world": "the decoded triangle",
        "sides": "the cloud of sides",
        "rebuilt": "the cloud of sides that come back",
        "where": "whether the point lies among what was seen",
        "sliders": "a slider for each latent node",
        "numbers": "the latent point, the decoded sides, and how near it returns",
        "told": "the sentence and the colours below the view",
    },
    page=COMMON,
    events={
        "carried": "spreads that the latent point was moved by",
        "off": "1 where the point is off the cloud, else 0",
        "longest": "the longest decoded side, in edges",
        "returned": "how far from itself the point returns when it is encoded again, in spreads",
    },
    scenes={"latent": Scene.from_text},
)
