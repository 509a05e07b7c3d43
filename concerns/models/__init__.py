from .category import Category, CategoryGroup
from .code import CodeRequest, NewsAddress
from .concern import Concern, Involved, Safer
from .history import Change, Message
from .people import Assignment, Identity, IdentityRequest
from .photo import Photo
from .question import Answer, OwnQuestions, Question

__all__ = [
    "Answer",
    "Assignment",
    "Category",
    "CategoryGroup",
    "Change",
    "CodeRequest",
    "Concern",
    "Identity",
    "IdentityRequest",
    "Involved",
    "Message",
    "NewsAddress",
    "OwnQuestions",
    "Photo",
    "Question",
    "Safer",
]
