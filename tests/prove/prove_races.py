"""Many at once: one does it, the others are told, and nobody's words are lost."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from .races import (
    assert_one_of_twenty,
    at_once,
    both,
    code_on,
    lost,
    number,
    twenty,
    words,
)

pytestmark = pytest.mark.server
FILED = "SELECT count(*) FROM concerns_concern"
FASTER = "Башка бирөө озуп кетти"


def test_sent_twelve_times_at_once_it_is_one_concern_with_one_receipt(
    comes, portal, proved
):
    aida = comes()
    path, fields = aida.form_for_filing()
    before = number(portal, FILED)
    phones = [aida.twin() for _ in range(12)]

    answers = at_once([(phone, path, fields) for phone in phones])

    receipts = [
        phone.opens(answer.place).html
        for phone, answer in zip(phones, answers, strict=True)
    ]
    assert number(portal, FILED) == before + 1
    [code] = {code_on(receipt) for receipt in receipts}
    assert len(code) == 16
    proved("R7", "12 at once: 1 concern, 12 times the same code")


def test_a_photo_sent_twelve_times_at_once_is_one_photo(comes, portal, proved):
    aida = comes()
    path, fields = aida.form_for_filing()
    page = aida.opens(aida.sends(path, fields).place)
    path, given = page.form("/photo/")
    photo = a_photo()

    # As a browser sends it: a file of its own each time.
    files = [SimpleUploadedFile("IMG_1.jpg", photo, "image/jpeg") for _ in range(12)]
    answers = at_once([(aida.twin(), path, given, {"photo": one}) for one in files])

    assert {answer.status for answer in answers} == {302}
    kept = (
        "SELECT count(*) FROM concerns_photo"
        " WHERE concern_id = (SELECT max(id) FROM concerns_concern)"
    )
    assert number(portal, kept) == 1
    proved("R7", "12 times a photo: 1 photo")


def a_photo():
    file = BytesIO()
    Image.effect_noise((1200, 900), 60).convert("RGB").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def concern(comes, staff, portal):
    """The address of a concern on the desk, just registered."""
    aida = comes()
    aida.sends(*aida.form_for_filing(may_publish="on"))
    [[reference]] = portal.ask(
        "SELECT reference FROM concerns_concern ORDER BY id DESC LIMIT 1"
    )
    path = f"/desk/concerns/{reference}/"
    coordinator = staff("coordinator")
    coordinator.sends(*coordinator.opens(path).form("/register/"))
    return path


def version(portal, concern):
    reference = concern.split("/")[3]
    statement = "SELECT version FROM concerns_concern WHERE reference = %s"
    return number(portal, statement, reference)


# Each: where its form stands, how its address ends, what one of twenty sends, what each
# leaves behind, and whether it is words that a refused one must get back.
CONCERN = {
    "move": ("", "/move/", lambda n: {"target": "in_progress", "note": words(n)}),
    "publish": (
        "publish/",
        "/publish/",
        lambda n: {"do": "save", "title_ky": words(n), "summary_ky": words(n)},
    ),
    "level": ("", "/level/", lambda n: {"level": "restricted", "reason": words(n)}),
}


@pytest.mark.parametrize("act", CONCERN)
def test_of_twenty_who_change_a_concern_at_once_one_does(
    act, concern, staff, portal, proved
):
    page, ending, typed = CONCERN[act]
    before = version(portal, concern)

    answers = twenty(staff("coordinator"), concern + page, ending, typed)

    assert sorted(answer.status for answer in answers) == [302] + [409] * 19
    assert lost(answers, typed) == []
    assert version(portal, concern) == before + 1
    proved("R8", f"{act}: 1 of 20")


def test_of_twenty_who_give_a_concern_to_one_side_at_once_one_does(
    concern, staff, portal, proved
):
    before = version(portal, concern)

    answers = twenty(
        staff("coordinator"), f"{concern}assign/", "/assign/", lambda n: {}
    )

    # She asked for nothing else: it is done, whichever press of hers did it.
    assert {answer.status for answer in answers} == {302}
    assert version(portal, concern) == before + 1
    proved("R8", "assign: 1 of 20")


CENTER = {
    "page": ("", "/mirmakhmudov/", lambda n: both("story", n)),
    "rules": ("rules/", "/rules/", lambda n: both("venue", n)),
    "questions": (
        *("questions/street_lighting/", "/street_lighting/"),
        lambda n: both("form-0-text", n) | {"form-0-kind": "line"},
    ),
}


@pytest.mark.parametrize("what", CENTER)
def test_of_twenty_who_write_for_a_centre_at_once_one_does(what, staff, proved):
    page, ending, typed = CENTER[what]
    coordinator = staff("coordinator")

    answers = twenty(coordinator, f"/desk/center/mirmakhmudov/{page}", ending, typed)

    assert_one_of_twenty(answers, typed, ending)
    refused = next(answer for answer in answers if answer.status == 409)
    assert coordinator.sends(*refused.form(ending)).status == 302
    proved("R8", f"a centre's {what}: 1 of 20")


def test_of_twenty_who_give_a_member_a_role_at_once_one_does(staff, portal, proved):
    [[reference]] = portal.ask(
        "SELECT m.reference FROM centers_membership m JOIN centers_user u"
        " ON u.id = m.user_id WHERE u.email = 'officer@example.org'"
    )
    page = f"/desk/members/mirmakhmudov/{reference}/"
    lines = "SELECT count(*) FROM centers_journalentry WHERE kind = 'role_given'"
    before = number(portal, lines)

    coordinator = staff("coordinator")
    answers = twenty(coordinator, page, f"/{reference}/", lambda n: {"role": "intake"})

    assert {answer.status for answer in answers} == {302}
    assert number(portal, lines) == before + 1
    assert coordinator.opens("/desk/members/mirmakhmudov/").html.count(FASTER) > 0
    proved("R8", "a role: 1 of 20")
