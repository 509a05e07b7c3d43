"""The only functions that change who belongs to a centre, and how people sign in."""

from .access import (
    LinkUsed,
    change_password,
    come_back,
    end_other_sessions,
    end_session,
    give_link,
    give_new_start,
    note_sign_in,
    put_sheet_in_force,
    switch_off,
)
from .members import (
    InvitationUsed,
    accept,
    change_role,
    end_membership,
    give_role,
    invite,
    make_account,
    withdraw_invitation,
)
from .terms import set_report_term

__all__ = [
    "InvitationUsed",
    "LinkUsed",
    "accept",
    "change_password",
    "change_role",
    "come_back",
    "end_membership",
    "end_other_sessions",
    "end_session",
    "give_link",
    "give_new_start",
    "give_role",
    "invite",
    "make_account",
    "note_sign_in",
    "put_sheet_in_force",
    "set_report_term",
    "switch_off",
    "withdraw_invitation",
]
