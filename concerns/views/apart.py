"""Acts whose forms ask for lists of their own: each on a page of its own.

Looking at a concern asks for none of those lists.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from centers.permissions import Permission

from .. import actions
from ..forms import AssignForm, CategoryForm


class Apart(NamedTuple):
    permission: Permission
    form_class: type
    do: Callable
    title: str
    done: str


APART = {
    "assign": Apart(
        Permission.ASSIGN_CONCERN,
        AssignForm,
        actions.assign,
        gettext_lazy("Give to"),
        gettext_lazy("It is handed over."),
    ),
    "category": Apart(
        Permission.REGISTER_CONCERN,
        CategoryForm,
        actions.categorise,
        gettext_lazy("Change the category"),
        gettext_lazy("The category is changed."),
    ),
}
