from .agenda import AgendaItem
from .attendance import Attendance, Turnout
from .decision import Action, ActionChange, Decision
from .meeting import Meeting
from .proposal import Proposal
from .protocol import (
    SIDES,
    Approval,
    Protocol,
    ProtocolReminder,
    ProtocolVersion,
)

__all__ = [
    "SIDES",
    "Action",
    "ActionChange",
    "AgendaItem",
    "Approval",
    "Attendance",
    "Decision",
    "Meeting",
    "Proposal",
    "Protocol",
    "ProtocolReminder",
    "ProtocolVersion",
    "Turnout",
]
