"""The keys of the desk, as its own page lists them; desk.js presses them."""

from django.utils.translation import gettext_lazy as _

# By their place on the keyboard: they are the same in every layout.
EVERYWHERE = {
    "T": _("Today"),
    "C": _("Concerns"),
    "M": _("Meetings"),
    "/": _("Search"),
    "?": _("This page"),
    "Esc": _("Leave a field, so that the keys work again"),
}
IN_LISTS = {
    "J": _("Next line"),
    "K": _("Previous line"),
    "Enter": _("Open the line"),
    "X": _("Tick the line"),
    "G": _("Give what is ticked to"),
    "L": _("Next page"),
    "H": _("Previous page"),
}
AT_A_CONCERN = {
    "R": _("Register"),
    "S": _("Change the status"),
    "W": _("Write to the reporter"),
    "G": _("Give to"),
    "N": _("Write an internal note"),
    "P": _("Public text"),
}
