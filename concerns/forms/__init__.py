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
from .bulk import BulkForm
from .giving import AssignForm
from .notes import NoteForm
from .public import ConcernFilterForm
from .publication import SummaryForm
from .queue import QueueForm, SavedFilterForm
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
    "BulkForm",
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
    "SavedFilterForm",
    "SummaryForm",
    "TextTemplateForm",
    "WithdrawForm",
]
