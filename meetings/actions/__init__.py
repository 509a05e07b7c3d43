"""The only functions that change a meeting, its agenda, its record, its actions.

Each takes `by` and the `version` that the person saw: Stale is raised when somebody was
faster, PermissionDenied when `by` sees it and may not do this.
"""

from .agenda import (
    add_concern,
    add_topic,
    refusal,
    remove,
    set_closed,
    shift,
)
from .execution import (
    add_action,
    executes,
    give_to,
    judge,
    note_progress,
    put_off,
    say_as_reporter,
    step,
    steps_from,
)
from .lock import Stale
from .meeting import cancel, discard, publish, replan, schedule
from .proposals import propose, take_back
from .protocol import amend, approve, decline, put_up, sides_of
from .recording import answer, attend, begin, end, members, record
from .reminding import remind

__all__ = [
    "Stale",
    "add_action",
    "add_concern",
    "add_topic",
    "amend",
    "answer",
    "approve",
    "attend",
    "begin",
    "cancel",
    "decline",
    "discard",
    "end",
    "executes",
    "give_to",
    "judge",
    "members",
    "note_progress",
    "propose",
    "publish",
    "put_off",
    "put_up",
    "record",
    "refusal",
    "remind",
    "remove",
    "replan",
    "say_as_reporter",
    "schedule",
    "set_closed",
    "shift",
    "sides_of",
    "step",
    "steps_from",
    "take_back",
]
