"""Leaders' comments (点评台账)."""

from .content import (
    NAMED_MISSING,
    CommentEntry,
    CommentFigures,
    CommentsContent,
    comment_entry,
    comment_figures,
    comments_content,
    comments_of,
    planned_polls,
)

__all__ = [
    "NAMED_MISSING",
    "CommentEntry",
    "CommentFigures",
    "CommentsContent",
    "comment_entry",
    "comment_figures",
    "comments_content",
    "comments_of",
    "planned_polls",
]
