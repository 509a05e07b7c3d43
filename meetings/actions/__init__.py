"""The only functions that change a meeting, its agenda, its record, its actions.

Each takes `by` and the `version` that the person saw: Stale is raised when somebody was
faster, PermissionDenied when `by` sees it and may not do this.
"""

from .action_reminders import remind
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
from .calendar import end_calendar, end_calendars_of_the_gone, make_calendar
from .drafting import draft_by_rhythm
from .execution import (
    EXECUTOR,
    MEETING,
    REPORTER,
    add_action,
    executes,
    give_to,
    is_second_press,
    judge,
    keeps,
    note_progress,
    put_off,
    say_as_reporter,
    step,
    steps_from,
)
from .inviting import answer_invitation, invite_guest, remind_invited, take_off
from .lock import Stale
from .meeting import cancel, discard, publish, replan, schedule
from .photos import (
    add_photo,
    clear_photo,
    delete_photo,
    publishes,
    sweep_action_photos,
    withhold_photo,
)
from .proposals import propose, take_back
from .protocol import amend, approve, decline, put_up, sides_of
from .protocol_reminders import remind_of_protocols
from .recording import answer, attend, begin, end, members, record
from .retention import erase_answers, forget_guests
from .rules import set_rules

__all__ = [
    "EXECUTOR",
    "MEETING",
    "REPORTER",
    "Stale",
    "add_action",
    "add_concern",
    "add_photo",
    "add_topic",
    "amend",
    "add_waiting",
    "answer",
    "answer_invitation",
    "approve",
    "attend",
    "begin",
    "cancel",
    "clear_photo",
    "decline",
    "delete_photo",
    "discard",
    "draft_by_rhythm",
    "end",
    "end_calendar",
    "end_calendars_of_the_gone",
    "erase_answers",
    "executes",
    "forget_guests",
    "give_to",
    "invite_guest",
    "is_second_press",
    "judge",
    "keeps",
    "make_calendar",
    "members",
    "note_progress",
    "plan_item",
    "propose",
    "publish",
    "publishes",
    "put_off",
    "put_up",
    "record",
    "refusal",
    "remind",
    "remind_invited",
    "remind_of_protocols",
    "remove",
    "replan",
    "say_as_reporter",
    "schedule",
    "set_closed",
    "set_rules",
    "shift",
    "sides_of",
    "step",
    "steps_from",
    "sweep_action_photos",
    "take_off",
    "take_back",
    "withhold_photo",
]
