from .access import Browser, ReturnLink, SignIn
from .body import OutsideBody
from .center import Center, Partner
from .day import SpecialDay
from .journal import JournalEntry, JournalHead
from .limit import DaySalt, Limit
from .page import DutyNumber, PageVersion
from .person import Invitation, Membership, Role, User
from .place import Place
from .term import Term

__all__ = [
    "Browser",
    "Center",
    "DaySalt",
    "DutyNumber",
    "Invitation",
    "JournalEntry",
    "JournalHead",
    "Limit",
    "Membership",
    "OutsideBody",
    "PageVersion",
    "Partner",
    "Place",
    "ReturnLink",
    "Role",
    "SignIn",
    "SpecialDay",
    "Term",
    "User",
]
