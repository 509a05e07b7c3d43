from .agenda import AgendaItem
from .attendance import Attendance, Turnout
from .decision import Action, ActionChange, Decision
from .invited import Invited
from .meeting import Meeting
from .plan import Goal, Plan, PlanVersion, Signature
from .proposal import Proposal
from .protocol import (
    SIDES,
    Approval,
    Protocol,
    ProtocolReminder,
    ProtocolVersion,
)
from .rules import Rules

__all__ = [
    "SIDES",
    "Action",
    "ActionChange",
    "AgendaItem",
    "Approval",
    "Attendance",
    "Decision",
    "Goal",
    "Invited",
    "Meeting",
    "Plan",
    "PlanVersion",
    "Proposal",
    "Protocol",
    "ProtocolReminder",
    "ProtocolVersion",
    "Rules",
    "Signature",
    "Turnout",
]
