from .public import ConcernFilterForm
from .resident import (
    AnswerForm,
    CodeForm,
    FilingForm,
    PhotoForm,
    ReopenForm,
    WithdrawForm,
)
from .staff import (
    AssignForm,
    CategoryForm,
    ChangeForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    QueueForm,
    RegisterForm,
    ReleaseForm,
    SummaryForm,
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
