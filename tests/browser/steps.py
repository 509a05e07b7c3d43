"""What people do again and again on their way through a flow."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from concerns import codes

from .conftest import CENTER

CATEGORY = "public_order"  # public, with 102 above the form, and led by the police
SECRET = "domestic_violence"  # confidential
WORDS = "Кечинде дүкөндүн жанында жаштар мушташып, айнек сындырышты."
SECRET_WORDS = "Күйөөм мени ур-токмокко алат, балдарым коркуп калышты."
OWN_PASSWORD = "боз торгой кечинде сайрайт"


@dataclass(frozen=True)
class Receipt:
    code: str
    number: str

    @property
    def reference(self):
        return self.number.replace("-", "")


# The resident


def opens_form(resident, category=CATEGORY):
    if category == SECRET:
        resident.opens(f"{CENTER}concerns/new/")
        resident.goes(chooses_category(resident, category))
    else:
        resident.opens(f"{CENTER}concerns/new/{category}/?new")


def chooses_category(resident, category):
    """Unfold the group of a category, and return what leads to its form."""
    way = resident.page.locator(f"a[href$='/{category}/'], button[value={category}]")
    resident.page.locator("details", has=way).locator("summary").click()
    return way


def writes_form(resident, text):
    resident.writes("What happened?", text)
    resident.chooses("No", context="involved")
    takes_her_time(resident)


def takes_her_time(resident):
    """Set the form's clock back: what is sent within three seconds is a machine's."""
    signer = codes.signer("mirmakhmudov")
    key = signer.sign(f"{codes.new_key()}.{int(time.time()) - 60}")
    resident.page.locator("[name=key]").evaluate(
        "(field, key) => field.value = key", key
    )


def reads_receipt(resident):
    resident.is_at("Thank you, we have received your report")
    code = resident.page.get_by_role("region", name=resident.say("Your code"))
    number = resident.page.get_by_text("№").first.inner_text()
    return Receipt(
        code=" ".join(code.locator(".code").inner_text().split()),
        number=number.removeprefix("№").strip(),
    )


def files(resident, text=WORDS, category=CATEGORY, *, may_publish=False):
    opens_form(resident, category)
    writes_form(resident, text)
    if may_publish:
        resident.chooses("A summary without my name may be published")
    resident.presses("Send")
    return reads_receipt(resident)


def follows(resident, code):
    resident.opens("/follow/")
    resident.writes("The 16 digits of your code", code)
    resident.presses("Open my report")


# The staff


def opens_concern(staff, receipt):
    staff.opens(f"/desk/concerns/{receipt.reference}/")


def finds_concern(staff, receipt):
    """Ask for it by its number: what is due first may fill the day's first page."""
    staff.follows("All that is open")
    staff.writes("Number or public title", receipt.number)
    staff.presses("Show")


def registers(staff, receipt):
    opens_concern(staff, receipt)
    staff.presses("Register", staff.form("register"))
    staff.sees_status("Registered")


def moves(staff, receipt, status, words):
    opens_concern(staff, receipt)
    act = staff.form("move")
    staff.chooses(status, act, context="status")
    staff.writes("Words to the reporter", words, act)
    staff.presses("Change", act)
    staff.sees_status(status)


def has_its_hour(portal, path):
    """Let the hour of a meeting have come, twenty minutes ago."""
    begins = timezone.now() - timedelta(minutes=20)
    portal.ask(
        "UPDATE meetings_meeting SET starts_at = %s WHERE reference = %s",
        f"{begins:%Y-%m-%d %H:%M:%S}+00:00",
        path.rstrip("/").rpartition("/")[2],
    )


def sets_password(person, link):
    person.page.goto(link)
    person.is_at("You are invited")
    person.writes("Password", OWN_PASSWORD)
    person.writes("The same password again", OWN_PASSWORD)
    person.presses("Set the password")
    person.is_at("Staff sign-in")
    person.sees("Your account is ready: please sign in.")
