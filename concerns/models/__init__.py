from .category import Category, CategoryGroup
from .concern import Assignment, Concern, Identity, Involved
from .history import Change, Message
from .photo import Photo

__all__ = [
    "Assignment",
    "Category",
    "CategoryGroup",
    "Change",
    "Concern",
    "Identity",
    "Involved",
    "Message",
    "Photo",
]
