"""The only functions that change a concern. Each writes the history it makes.

Those of the staff take `by` and a `version`, the one the person saw: Stale is raised
when somebody was faster, Concern.DoesNotExist when `by` may no longer see the concern,
PermissionDenied when he sees it and may not do this. Those of the reporter ask nothing:
the code has opened the concern. All raise MoveNotAllowed where the table has no move.
"""

from .custody import release
from .filing import file
from .giving import assign
from .handling import categorise, move, register, set_level
from .identity import look_at_identity, note_reading
from .lock import MoveNotAllowed, Stale
from .notes import add_note, see_mentions
from .photos import add_photo, sweep_photos
from .reporter import answer, confirm, reopen, withdraw
from .time import close_by_time
from .words import approve_summary, save_summary, send_message, unpublish

__all__ = [
    "MoveNotAllowed",
    "Stale",
    "add_note",
    "add_photo",
    "answer",
    "approve_summary",
    "assign",
    "categorise",
    "close_by_time",
    "confirm",
    "file",
    "look_at_identity",
    "move",
    "note_reading",
    "register",
    "release",
    "reopen",
    "save_summary",
    "see_mentions",
    "send_message",
    "set_level",
    "sweep_photos",
    "unpublish",
    "withdraw",
]
