from .category import Category, CategoryGroup
from .code import CodeRequest, NewsAddress
from .concern import Concern, Involved, Safer
from .history import Change, Message
from .people import Assignment, Identity, IdentityRequest
from .photo import Photo
from .problem import CauseLine, Group, Problem
from .publication import Cover, PublicPhoto, PublicText
from .question import Answer, OwnQuestions, Question

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
    "Message",
    "NewsAddress",
    "OwnQuestions",
    "Photo",
    "Problem",
    "PublicPhoto",
    "PublicText",
    "Question",
    "Safer",
]
