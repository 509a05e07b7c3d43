"""The only functions that change a meeting, its agenda, its record, its actions.

Each takes `by` and the `version` that the person saw: Stale is raised when somebody was
faster, PermissionDenied when `by` sees it and may not do this.
"""

from .agenda import (
    add_concern,
    add_topic,
    add_waiting,
    plan_item,
    refusal,
    remove,
    set_closed,
    shift,
)
from .drafting import draft_by_rhythm
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
from .recording import answer, attend, begin, end, members, record
from .rules import set_rules

__all__ = [
    "Stale",
    "add_action",
    "add_concern",
    "add_topic",
    "add_waiting",
    "answer",
    "attend",
    "begin",
    "cancel",
    "discard",
    "draft_by_rhythm",
    "end",
    "executes",
    "give_to",
    "judge",
    "members",
    "note_progress",
    "plan_item",
    "propose",
    "publish",
    "put_off",
    "record",
    "refusal",
    "remove",
    "replan",
    "say_as_reporter",
    "schedule",
    "set_closed",
    "set_rules",
    "shift",
    "step",
    "steps_from",
    "take_back",
]
