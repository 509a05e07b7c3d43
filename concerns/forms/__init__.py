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
    "PhotoForm",
    "QueueForm",
    "RegisterForm",
    "ReleaseForm",
    "ReopenForm",
    "SummaryForm",
    "WithdrawForm",
]
