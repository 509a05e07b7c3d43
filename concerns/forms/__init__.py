from .acts import (
    AssignForm,
    CategoryForm,
    ChangeForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    RegisterForm,
    ReleaseForm,
)
from .problems import LineForm, ProblemForm
from .public import ConcernFilterForm
from .publication import CoverForm, SummaryForm
from .queue import QueueForm
from .resident import (
    AnswerForm,
    CodeForm,
    FilingForm,
    PhotoForm,
    ReopenForm,
    WithdrawForm,
)

__all__ = [
    "AnswerForm",
    "AssignForm",
    "CategoryForm",
    "ChangeForm",
    "CodeForm",
    "ConcernFilterForm",
    "CoverForm",
    "FilingForm",
    "IdentityForm",
    "LevelForm",
    "LineForm",
    "MessageForm",
    "MoveForm",
    "PhotoForm",
    "ProblemForm",
    "QueueForm",
    "RegisterForm",
    "ReleaseForm",
    "ReopenForm",
    "SummaryForm",
    "WithdrawForm",
]
