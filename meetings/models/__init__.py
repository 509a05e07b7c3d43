from .agenda import AgendaItem
from .attendance import Attendance, Turnout
from .decision import Action, ActionChange, Decision
from .meeting import Meeting
from .proposal import Proposal
from .rules import Rules

__all__ = [
    "Action",
    "ActionChange",
    "AgendaItem",
    "Attendance",
    "Decision",
    "Meeting",
    "Proposal",
    "Rules",
    "Turnout",
]
