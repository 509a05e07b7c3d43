"""The life of a concern: every status, and every move that is allowed between two.

This file imports nothing of the portal. Forms ask it what to offer, actions what may
happen, tests walk every pair, and docs/workflow.md is printed from it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    RECEIVED = "received"
    REGISTERED = "registered"
    NEEDS_INFO = "needs_info"
    IN_PROGRESS = "in_progress"
    FORWARDED = "forwarded"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class Actor(StrEnum):
    """Who makes a move. The first two are permissions of staff in a centre."""

    REGISTRAR = "register_concern"
    HANDLER = "handle_concern"
    REPORTER = "reporter"
    MEETING = "meeting"
    CLOCK = "clock"


class Need(StrEnum):
    """What must be said with a move."""

    WORDS = "words"  # to the reporter
    BODY = "body"  # the body it is forwarded to
    NUMBER = "number"  # the crime register's, when it is a crime
    LEAD = "lead"  # the concern that this one repeats


class Level(StrEnum):
    """Who may read a concern, from the widest circle to the narrowest."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True)
class Move:
    source: Status
    target: Status
    actor: Actor
    needs: frozenset = frozenset()
    # A crime is registered with a number and forwarded, never "solved" as a concern.
    open_to_crimes: bool = True


S, A = Status, Actor
words = frozenset({Need.WORDS})
body = frozenset({Need.WORDS, Need.BODY, Need.NUMBER})
lead = frozenset({Need.LEAD})
nothing = frozenset()

MOVES = [
    Move(S.RECEIVED, S.REGISTERED, A.REGISTRAR),
    Move(S.RECEIVED, S.DECLINED, A.REGISTRAR, words),
    Move(S.RECEIVED, S.DUPLICATE, A.REGISTRAR, lead),
    Move(S.RECEIVED, S.WITHDRAWN, A.REPORTER),
    Move(S.REGISTERED, S.IN_PROGRESS, A.HANDLER),
    Move(S.REGISTERED, S.NEEDS_INFO, A.HANDLER, words),
    Move(S.REGISTERED, S.FORWARDED, A.HANDLER, body),
    Move(S.REGISTERED, S.DECLINED, A.HANDLER, words),
    Move(S.REGISTERED, S.DUPLICATE, A.REGISTRAR, lead),
    Move(S.REGISTERED, S.WITHDRAWN, A.REPORTER),
    Move(S.NEEDS_INFO, S.IN_PROGRESS, A.HANDLER),
    Move(S.NEEDS_INFO, S.IN_PROGRESS, A.REPORTER, words),
    Move(S.NEEDS_INFO, S.FORWARDED, A.HANDLER, body),
    Move(S.NEEDS_INFO, S.DECLINED, A.HANDLER, words),
    Move(S.NEEDS_INFO, S.DUPLICATE, A.REGISTRAR, lead),
    Move(S.NEEDS_INFO, S.WITHDRAWN, A.REPORTER),
    Move(S.IN_PROGRESS, S.NEEDS_INFO, A.HANDLER, words),
    Move(S.IN_PROGRESS, S.FORWARDED, A.HANDLER, body),
    Move(S.IN_PROGRESS, S.RESOLVED, A.HANDLER, words, open_to_crimes=False),
    Move(S.IN_PROGRESS, S.DECLINED, A.HANDLER, words),
    Move(S.IN_PROGRESS, S.DUPLICATE, A.REGISTRAR, lead),
    Move(S.IN_PROGRESS, S.WITHDRAWN, A.REPORTER),
    Move(S.FORWARDED, S.IN_PROGRESS, A.HANDLER, words),
    Move(S.FORWARDED, S.RESOLVED, A.HANDLER, words, open_to_crimes=False),
    Move(S.RESOLVED, S.CLOSED, A.REPORTER),
    Move(S.RESOLVED, S.CLOSED, A.MEETING),
    Move(S.RESOLVED, S.CLOSED, A.CLOCK),
    Move(S.RESOLVED, S.IN_PROGRESS, A.REPORTER, words),
    Move(S.RESOLVED, S.IN_PROGRESS, A.HANDLER, words),
    Move(S.CLOSED, S.IN_PROGRESS, A.REGISTRAR, words),
    Move(S.DECLINED, S.REGISTERED, A.REGISTRAR, words),
    Move(S.DUPLICATE, S.REGISTERED, A.REGISTRAR),
    # What it repeats may keep it no more.
    Move(S.DUPLICATE, S.REGISTERED, A.CLOCK),
]

# Nothing is left to do here, whoever looks.
ENDED = frozenset({S.CLOSED, S.DECLINED, S.DUPLICATE, S.WITHDRAWN})
# Somebody of the centre has to act.
WAITING = frozenset({S.RECEIVED, S.REGISTERED, S.IN_PROGRESS})
# The centre owes an answer: its term runs.
OWED = WAITING | {S.NEEDS_INFO}
# Out of these a concern is taken up anew, and its term with it.
DONE = ENDED | {S.RESOLVED, S.FORWARDED}
# It waits for somebody outside; left there for long, it has ended for the centre too.
RESTING = frozenset({S.NEEDS_INFO, S.FORWARDED})
# What its words still wait for: the staff, the reporter, another body.
OPEN = frozenset(S) - ENDED


def moves_from(status, actors, *, is_crime=False):
    """Return the moves that any of the actors may make from a status."""
    return [
        move
        for move in MOVES
        if move.source == status
        and move.actor in actors
        and (move.open_to_crimes or not is_crime)
    ]


def find_move(status, target, actors, *, is_crime=False):
    """Return the move from a status to a target that the actors may make, or None."""
    moves = moves_from(status, actors, is_crime=is_crime)
    return next((move for move in moves if move.target == target), None)


def is_stricter(level, *, than):
    """Tell whether a level lets fewer people read than another does."""
    circles = list(Level)
    return circles.index(level) > circles.index(than)
