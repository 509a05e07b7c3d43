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
from .problems import LineForm, ProblemForm
from .public import ConcernFilterForm
from .publication import CoverForm, SummaryForm
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
    "PhotoForm",
    "ProblemForm",
    "QueueForm",
    "RegisterForm",
    "ReleaseForm",
    "SolvedForm",
    "SummaryForm",
    "WithdrawForm",
]
