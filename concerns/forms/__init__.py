from .acts import (
    CategoryForm,
    ChangeForm,
    CustodyForm,
    EraseIdentityForm,
    ExtendForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    RegisterForm,
    ReleaseForm,
    WordedForm,
)
from .bulk import BulkForm
from .followed import EndForm, NewsForm, SolvedForm
from .giving import AssignForm
from .intake import IntakeCategoryForm, IntakeForm
from .notes import NoteForm
from .problems import LineForm, ProblemForm
from .public import ConcernFilterForm
from .publication import CoverForm, SummaryForm
from .queue import JournalForm, QueueForm, SavedFilterForm
from .renewal import CodeConfirmForm, CodeRequestForm
from .resident import (
    AnswerForm,
    CodeForm,
    FilingForm,
    PhotoForm,
    WithdrawForm,
)
from .templates import TextTemplateForm

__all__ = [
    "AnswerForm",
    "AssignForm",
    "BulkForm",
    "CategoryForm",
    "ChangeForm",
    "CodeConfirmForm",
    "CodeForm",
    "CodeRequestForm",
    "ConcernFilterForm",
    "CoverForm",
    "CustodyForm",
    "EndForm",
    "EraseIdentityForm",
    "ExtendForm",
    "FilingForm",
    "IdentityForm",
    "IntakeCategoryForm",
    "IntakeForm",
    "JournalForm",
    "LevelForm",
    "LineForm",
    "MessageForm",
    "MoveForm",
    "NewsForm",
    "NoteForm",
    "PhotoForm",
    "ProblemForm",
    "QueueForm",
    "RegisterForm",
    "ReleaseForm",
    "SavedFilterForm",
    "SolvedForm",
    "SummaryForm",
    "TextTemplateForm",
    "WithdrawForm",
    "WordedForm",
]
