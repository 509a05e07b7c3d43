from dataclasses import dataclass
from enum import Enum


class State(Enum):
    OK = "ok"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do about it unless it is in order."""

    state: State
    text: str
    advice: str = ""


def ok(text):
    return Finding(State.OK, text)


def attention(text, advice):
    return Finding(State.ATTENTION, text, advice)


def wrong(text, advice):
    return Finding(State.WRONG, text, advice)
