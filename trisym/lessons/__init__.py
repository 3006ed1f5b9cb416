"""Lessons as data: steps on the app's pages, questions, goals, and texts in several languages.

How a page, a room or a presenter's view uses them (trisym.ui.lessons shows them on pages):

    from trisym.lessons import position, reading, shelf

    lesson = shelf.lesson("drift")       # a shipped one; shelf.shelf() has them all
    lesson = reading.lesson_from(data)   # one that is no file: plain data, as of JSON or TOML
    at = position.from_query({"lesson": "drift", "step": "3", "lang": "de"}, shelf.lessons())
    step = lesson.steps[at.step - 1]     # steps count from 1 in links and on the screen
    words = lesson.text(at.language).steps[step.id]
    step.question.judge(given)           # True, False; None where nothing is right or wrong

What changes while a lesson goes on is small: the id of the lesson (or the lesson itself, as
`reading.data_of` gives it), the step, the language, the answers given by step id, and whether the
step is revealed. An answer is plain JSON: an option's id, a number, or two latent coordinates.
`question.accepted()` is what counts as right, as plain JSON for a browser.

`lesson.py` says what a lesson is, `vocabulary.py` what it may name of a page, `reading.py` reads
and refuses, `placeholders.py` puts measured numbers into texts, `shelf.py` has what is shipped.
"""
