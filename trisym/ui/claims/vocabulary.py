"""What a lesson may name of the claims: the page alone."""

from trisym.lessons.vocabulary import PageVocabulary

VOCABULARY = PageVocabulary()
