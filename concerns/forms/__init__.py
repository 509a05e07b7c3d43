from .acts import (
    AssignForm,
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
)
from .followed import EndForm, NewsForm, SolvedForm
from .intake import IntakeCategoryForm, IntakeForm
from .public import ConcernFilterForm
from .publication import SummaryForm
from .queue import JournalForm, QueueForm
from .renewal import CodeRequestForm
from .resident import (
    AnswerForm,
    CodeForm,
    FilingForm,
    PhotoForm,
    WithdrawForm,
)

__all__ = [
    "AnswerForm",
    "AssignForm",
    "CategoryForm",
    "ChangeForm",
    "CodeForm",
    "CodeRequestForm",
    "ConcernFilterForm",
    "CustodyForm",
    "EraseIdentityForm",
    "ExtendForm",
    "EndForm",
    "FilingForm",
    "IdentityForm",
    "IntakeCategoryForm",
    "IntakeForm",
    "JournalForm",
    "LevelForm",
    "MessageForm",
    "MoveForm",
    "NewsForm",
    "PhotoForm",
    "QueueForm",
    "RegisterForm",
    "ReleaseForm",
    "SolvedForm",
    "SummaryForm",
    "WithdrawForm",
]
