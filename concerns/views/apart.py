"""Acts whose forms ask for lists of their own, or for much: each on its own page.

Looking at a concern asks for none of those lists.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from centers.permissions import Permission

from .. import actions
from ..forms import (
    AssignForm,
    CategoryForm,
    CustodyForm,
    EraseIdentityForm,
    ExtendForm,
    NoteForm,
)


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
    "custody": Apart(
        Permission.HANDLE_CONCERN,
        CustodyForm,
        actions.hand_over,
        gettext_lazy("Hand to the custodian"),
        gettext_lazy("From now on the custodian alone reads it."),
    ),
    "erase_identity": Apart(
        Permission.LOWER_LEVEL,
        EraseIdentityForm,
        actions.erase_identity,
        gettext_lazy("Erase who filed it"),
        gettext_lazy("It is erased."),
    ),
    "extend": Apart(
        Permission.HANDLE_CONCERN,
        ExtendForm,
        actions.extend,
        gettext_lazy("Extend the term"),
        gettext_lazy("The term is extended, and the reporter reads why."),
    ),
    "note": Apart(
        Permission.HANDLE_CONCERN,
        NoteForm,
        actions.add_note,
        gettext_lazy("Write an internal note"),
        gettext_lazy("The note is kept."),
    ),
}
