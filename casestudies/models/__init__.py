"""Models of the case studies' room."""

from .casestudies import CaseStudy, CaseStudyQuerySet, RoleShown
from .evidence import Effect, KeyFigure, Programme, Source, VisitorQuestion
from .sent import ReaderQuestion, Submission

__all__ = [
    "CaseStudy",
    "CaseStudyQuerySet",
    "Effect",
    "KeyFigure",
    "Programme",
    "ReaderQuestion",
    "RoleShown",
    "Source",
    "Submission",
    "VisitorQuestion",
]
