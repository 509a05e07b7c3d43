from .category import Category, CategoryGroup
from .code import CodeRequest, NewsAddress
from .concern import Concern, Involved, Safer
from .filters import SavedFilter
from .history import Change, Mention, Message
from .people import Assignment, Identity, IdentityRequest
from .photo import Photo
from .problem import CauseLine, Group, Problem
from .publication import Cover, PublicPhoto, PublicText
from .question import Answer, OwnQuestions, Question
from .template import TextTemplate

__all__ = [
    "Answer",
    "Assignment",
    "Category",
    "CategoryGroup",
    "CauseLine",
    "Change",
    "CodeRequest",
    "Concern",
    "Cover",
    "Group",
    "Identity",
    "IdentityRequest",
    "Involved",
    "Mention",
    "Message",
    "NewsAddress",
    "OwnQuestions",
    "Photo",
    "Problem",
    "PublicPhoto",
    "PublicText",
    "Question",
    "Safer",
    "SavedFilter",
    "TextTemplate",
]
