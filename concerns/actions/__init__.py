"""The only functions that change a concern. Each writes the history it makes.

Those of the staff take `by` and a `version`, the one the person saw: Stale is raised
when somebody was faster, Concern.DoesNotExist when `by` may no longer see the concern,
PermissionDenied when he sees it and may not do this. Those of the reporter ask nothing:
the code has opened the concern. All raise MoveNotAllowed where the table has no move.
"""

from .custody import hand_over, release
from .filing import Intake, file, is_kept
from .giving import assign
from .handling import categorise, confirm_at_meeting, move, register, set_level
from .identity import (
    SecondPersonNeeded,
    answer_wish,
    ask_for_identity,
    erase_identity,
    forget_identity,
    look_at_identity,
    note_reading,
)
from .lock import MoveNotAllowed, Stale
from .news import forget_address, keep_address, note_look, stop_news
from .notes import add_note, see_mentions
from .photos import add_photo, sweep_photos
from .problems import add_line, change_problem, open_problem, remove_line
from .public_photos import clear, cover, uncover, withhold
from .questions import ask_common_questions, save_questions
from .renewal import ask_for_code, confirm_code, take_own_code
from .reporter import (
    agree,
    answer,
    confirm,
    end_code,
    note_opening,
    reopen,
    withdraw,
)
from .retention import erase_old
from .support import support
from .term import extend
from .texts import save_text
from .time import close_by_time
from .words import approve_summary, note_naming, save_summary, send_message, unpublish

__all__ = [
    "Intake",
    "MoveNotAllowed",
    "SecondPersonNeeded",
    "Stale",
    "add_line",
    "add_note",
    "add_photo",
    "agree",
    "answer",
    "answer_wish",
    "approve_summary",
    "ask_common_questions",
    "ask_for_code",
    "ask_for_identity",
    "assign",
    "categorise",
    "change_problem",
    "clear",
    "close_by_time",
    "confirm",
    "confirm_at_meeting",
    "confirm_code",
    "cover",
    "end_code",
    "erase_identity",
    "erase_old",
    "extend",
    "file",
    "forget_address",
    "forget_identity",
    "hand_over",
    "is_kept",
    "keep_address",
    "look_at_identity",
    "move",
    "note_look",
    "note_naming",
    "note_opening",
    "note_reading",
    "open_problem",
    "register",
    "release",
    "remove_line",
    "reopen",
    "save_questions",
    "save_summary",
    "save_text",
    "see_mentions",
    "send_message",
    "set_level",
    "stop_news",
    "support",
    "sweep_photos",
    "take_own_code",
    "uncover",
    "unpublish",
    "withdraw",
    "withhold",
]
