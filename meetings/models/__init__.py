from .agenda import AgendaItem
from .attendance import Attendance, Turnout
from .decision import Action, ActionChange, Decision
from .invited import Invited
from .meeting import Meeting
from .proposal import Proposal

__all__ = [
    "Action",
    "ActionChange",
    "AgendaItem",
    "Attendance",
    "Decision",
    "Invited",
    "Meeting",
    "Proposal",
    "Turnout",
]
