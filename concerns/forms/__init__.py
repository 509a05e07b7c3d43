from .acts import (
    CategoryForm,
    ChangeForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    RegisterForm,
    ReleaseForm,
)
from .giving import AssignForm
from .notes import NoteForm
from .public import ConcernFilterForm
from .publication import SummaryForm
from .queue import QueueForm
from .resident import (
    AnswerForm,
    CodeForm,
    FilingForm,
    PhotoForm,
    ReopenForm,
    WithdrawForm,
)
from .templates import TextTemplateForm

__all__ = [
    "AnswerForm",
    "AssignForm",
    "CategoryForm",
    "ChangeForm",
    "CodeForm",
    "ConcernFilterForm",
    "FilingForm",
    "IdentityForm",
    "LevelForm",
    "MessageForm",
    "MoveForm",
    "NoteForm",
    "PhotoForm",
    "QueueForm",
    "RegisterForm",
    "ReleaseForm",
    "ReopenForm",
    "SummaryForm",
    "TextTemplateForm",
    "WithdrawForm",
]
