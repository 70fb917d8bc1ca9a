"""Groups and meetings as tables: out to spreadsheets, and in from them."""

from .groups import GroupExchange
from .meetings import MeetingExchange

__all__ = ["GroupExchange", "MeetingExchange"]
