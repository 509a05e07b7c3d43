from .category import Category, CategoryGroup
from .concern import Concern, Involved
from .history import Change, Message
from .people import Assignment, Identity
from .photo import Photo
from .problem import CauseLine, Group, Problem
from .publication import Cover, PublicPhoto, PublicText

__all__ = [
    "Assignment",
    "Category",
    "CategoryGroup",
    "CauseLine",
    "Change",
    "Concern",
    "Cover",
    "Group",
    "Identity",
    "Involved",
    "Message",
    "Photo",
    "Problem",
    "PublicPhoto",
    "PublicText",
]
