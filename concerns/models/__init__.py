from .category import Category, CategoryGroup
from .concern import Assignment, Concern, Identity, Involved
from .history import Change, Message

__all__ = [
    "Assignment",
    "Category",
    "CategoryGroup",
    "Change",
    "Concern",
    "Identity",
    "Involved",
    "Message",
]
