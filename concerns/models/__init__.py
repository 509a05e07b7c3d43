from .category import Category, CategoryGroup
from .concern import Concern, Involved
from .history import Change, Message
from .people import Assignment, Identity, IdentityRequest
from .photo import Photo

__all__ = [
    "Assignment",
    "Category",
    "CategoryGroup",
    "Change",
    "Concern",
    "Identity",
    "IdentityRequest",
    "Involved",
    "Message",
    "Photo",
]
