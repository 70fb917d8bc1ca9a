"""The history of listings: every change to one, or to a part of one, with its author; and the way back.

PostgreSQL writes it by triggers, so that imports, bulk changes and raw SQL are in it too. See docs/decisions/0008.
"""

from directory.history.erasing import erase, forget, forget_changes, is_erased
from directory.history.recording import recording
from directory.history.restoring import CannotUndo, plan_restore, plan_undo, restore, restored, undo
from directory.history.wording import Difference, described, differences_of

__all__ = [
    "CannotUndo",
    "Difference",
    "described",
    "differences_of",
    "erase",
    "forget",
    "forget_changes",
    "is_erased",
    "plan_restore",
    "plan_undo",
    "recording",
    "restore",
    "restored",
    "undo",
]
