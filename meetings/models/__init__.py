from .agenda import AgendaItem
from .attendance import Attendance, Turnout
from .calendar import MemberCalendar
from .decision import Action, ActionChange, Decision
from .invited import Invited
from .meeting import Meeting
from .photo import ActionPhoto
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
    "ActionPhoto",
    "AgendaItem",
    "Approval",
    "Attendance",
    "Decision",
    "Goal",
    "Invited",
    "Meeting",
    "Plan",
    "PlanVersion",
    "MemberCalendar",
    "Proposal",
    "Protocol",
    "ProtocolReminder",
    "ProtocolVersion",
    "Rules",
    "Signature",
    "Turnout",
]
