"""Models of the case studies' room."""

from .casestudies import CaseStudy, CaseStudyQuerySet, RoleShown
from .evidence import Effect, KeyFigure, Programme, Source, VisitorQuestion

__all__ = [
    "CaseStudy",
    "CaseStudyQuerySet",
    "Effect",
    "KeyFigure",
    "Programme",
    "RoleShown",
    "Source",
    "VisitorQuestion",
]
