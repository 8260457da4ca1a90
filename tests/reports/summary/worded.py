"""A poll's 小结 in a secretary's words, and its paragraphs."""

from reports.report import summary_of
from reports.scope import Scope
from reports.summary.actions import save_summary


def word(poll, **texts):
    save_summary(Scope.of_poll(poll), texts, by=None)
    return summary_of(Scope.of_poll(poll))


def paragraphs_of(content, key):
    """The paragraphs of one section as text."""
    (section,) = [section for section in content.sections if section.key == key]
    return ["".join(piece.text for piece in paragraph) for paragraph in section.paragraphs]
