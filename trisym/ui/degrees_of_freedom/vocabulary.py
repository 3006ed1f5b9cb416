"""What a lesson may name of the page on degrees of freedom."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON

VOCABULARY = PageVocabulary(page=COMMON)
