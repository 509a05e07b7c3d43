from .category import Category, CategoryGroup
from .concern import Concern, Involved
from .filters import SavedFilter
from .history import Change, Mention, Message
from .people import Assignment, Identity
from .photo import Photo
from .template import TextTemplate

__all__ = [
    "Assignment",
    "Category",
    "CategoryGroup",
    "Change",
    "Concern",
    "Identity",
    "Involved",
    "Mention",
    "Message",
    "Photo",
    "SavedFilter",
    "TextTemplate",
]
