from .agenda import Action, AgendaItem, Decision
from .meeting import Meeting
from .proposal import Proposal

__all__ = ["Action", "AgendaItem", "Decision", "Meeting", "Proposal"]
