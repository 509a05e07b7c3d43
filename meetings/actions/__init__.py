"""The only functions that change a meeting, its record, its actions, a year's plan.

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
    serve_goal,
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
from .plan import (
    MOST_GOALS,
    add_goal,
    amend_plan,
    arrange_goals,
    begin_plan,
    change_goal,
    correct_signature,
    leave_plan,
    put_up_plan,
    set_result,
    sign_plan,
    strike_signature,
    withdraw_plan,
)
from .proposals import propose, take_back
from .protocol import amend, approve, decline, put_up, sides_of
from .protocol_reminders import remind_of_protocols
from .recording import answer, attend, begin, end, members, members_at, record
from .retention import erase_answers, forget_guests
from .rules import set_rules

__all__ = [
    "EXECUTOR",
    "MEETING",
    "MOST_GOALS",
    "REPORTER",
    "Stale",
    "add_action",
    "add_concern",
    "add_goal",
    "add_photo",
    "add_topic",
    "add_waiting",
    "amend",
    "amend_plan",
    "answer",
    "answer_invitation",
    "approve",
    "arrange_goals",
    "attend",
    "begin",
    "begin_plan",
    "cancel",
    "change_goal",
    "clear_photo",
    "correct_signature",
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
    "leave_plan",
    "make_calendar",
    "members",
    "members_at",
    "note_progress",
    "plan_item",
    "propose",
    "publish",
    "publishes",
    "put_off",
    "put_up",
    "put_up_plan",
    "record",
    "refusal",
    "remind",
    "remind_invited",
    "remind_of_protocols",
    "remove",
    "replan",
    "say_as_reporter",
    "schedule",
    "serve_goal",
    "set_closed",
    "set_result",
    "set_rules",
    "shift",
    "sides_of",
    "sign_plan",
    "step",
    "steps_from",
    "strike_signature",
    "sweep_action_photos",
    "take_off",
    "take_back",
    "withdraw_plan",
    "withhold_photo",
]
