from .agenda import Action, AgendaItem, Decision
from .meeting import Meeting

__all__ = ["Action", "AgendaItem", "Decision", "Meeting"]
