"""Lessons on the pages of the app: the panel below a page, the list, and what pages may be named.

For who builds on it (a room, a presenter's view):

    from trisym.ui.lessons import panel, position

    at = position.current()         # a trisym.lessons.position.Position; None: no lesson is on
    lesson = position.lesson_of(at)          # shipped, or carried by `position.carry(lesson)`
    position.go(at)                 # goes to a step's page and scene; ends this run of the page
    position.given(at.lesson)       # the answers of this visitor by step id
    panel.show(here, held=panel.Held(...))   # the panel, led by somebody else: see Held
"""
