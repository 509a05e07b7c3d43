"""Rows for tests: only what is required, counted up and never drawn at random."""

import io
from datetime import timedelta
from itertools import count
from time import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from argon2 import PasswordHasher
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from centers import actions, second_factor
from centers.models import Center, Membership, Partner, Place, Role, User
from centers.workdays import add_working_days
from concerns import codes
from concerns.models import (
    Assignment,
    Category,
    CategoryGroup,
    Change,
    Concern,
    Identity,
    Involved,
    Message,
    Photo,
    PublicPhoto,
    PublicText,
    TextTemplate,
)
from concerns.search import fold
from concerns.workflow import Level, Status
from meetings.models import Action, ActionPhoto, AgendaItem, Decision, Meeting, Proposal

RESIDENTS, COUNCIL, POLICE, SUPPORTER = Partner.Kind

# Seconds after which the password is asked once more.
LONG_AGO = 5 * 60 + 1

# A resident's code costs 30 ms to hash. Nothing in a test is worth that.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

PASSWORD = "төрт сөздөн турган сырсөз"

# Of a second factor that no test asks for, the seeds open nothing.
NO_CODES = {"seed": "", "used_mask": 0}

numbers = count(1)


# Who and where


def make_place(level=Place.Level.VILLAGE, **fields):
    number = next(numbers)
    fields = {
        "code": f"{number:014}",
        "name_ky": f"Айыл {number}",
        "name_ru": f"Село {number}",
    } | fields
    return Place.objects.create(level=level, **fields)


def make_center(**fields):
    """Make a centre with a partner of every kind and one village."""
    number = next(numbers)
    aimak = make_place(Place.Level.AIMAK)
    fields = {
        "slug": f"center-{number}",
        "name_ky": f"Борбор {number}",
        "name_ru": f"Центр {number}",
    } | fields
    center = Center.objects.create(aimak=aimak, **fields)
    center.villages.add(make_place(parent=aimak))
    for order, kind in enumerate(Partner.Kind, start=1):
        Partner.objects.create(
            center=center,
            kind=kind,
            name_ky=f"{kind}, ky",
            name_ru=f"{kind}, ru",
            order=order,
        )
    return center


def partner_of(center, kind):
    return center.partners.get(kind=kind)


def make_user(**fields):
    """Make a person who has a second factor already."""
    number = next(numbers)
    fields = {"email": f"user{number}@example.org", "full_name": f"Киши {number}"} | (
        fields
    )
    email = fields.pop("email")
    user = User.objects.create_user(email, PASSWORD, **fields)
    Authenticator.objects.bulk_create(
        [
            Authenticator(user=user, type="totp", data={"secret": ""}),
            Authenticator(user=user, type="recovery_codes", data=NO_CODES),
        ]
    )
    return user


def make_membership(center, kind, role=Role.MEMBER, *, user=None, **fields):
    # Who is new here may not do all that others may.
    fields = {"started_at": timezone.now() - timedelta(days=60)} | fields
    return Membership.objects.create(
        center=center,
        partner=partner_of(center, kind),
        role=role,
        user=user or make_user(),
        **fields,
    )


def make_member(center, kind, role=Role.MEMBER, **fields):
    """Make a person who serves a centre, and return the person."""
    return make_membership(center, kind, role, user=make_user(**fields)).user


def make_sheet(user):
    """Put a sheet of codes in force and return the codes."""
    seed = second_factor.new_seed()
    actions.put_sheet_in_force(user=user, seed=seed)
    return second_factor.codes_of(seed)


def make_app(user):
    """Give a person an app, and return its secret."""
    secret = generate_totp_secret()
    user.authenticator_set.filter(type="totp").delete()
    TOTP.activate(user, secret)
    return secret


def shown_by_app(secret, ago=0):
    """Return the six digits that an app shows, or showed so many seconds ago."""
    return format_hotp_value(hotp_value(secret, int(time() - ago) // 30))


def again(user):
    """Return the same person as a new request would find him."""
    return User.objects.get(pk=user.pk)


def signed_in(user, ago=0, **extra):
    """Return a browser in which a person is signed in, since so many seconds."""
    client = Client(**extra)
    sign_in(client, user, ago)
    return client


def sign_in(client, user, ago=0):
    """Sign a person in as if the password had been typed so many seconds ago."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time() - ago}
    ]
    session.save()


# What worries residents


def make_group():
    number = next(numbers)
    return CategoryGroup.objects.create(
        code=f"group-{number}", name_ky=f"Топ {number}", name_ru=f"Группа {number}"
    )


def make_category(level=Level.PUBLIC, **fields):
    number = next(numbers)
    fields = {
        "code": f"category-{number}",
        "name_ky": f"Түрү {number}",
        "name_ru": f"Вид {number}",
        "lead_kind": COUNCIL,
        "may_be_supported": level == Level.PUBLIC,
    } | fields
    return Category.objects.create(
        level=level, group=fields.pop("group", None) or make_group(), **fields
    )


def make_hidden_category(*sides, **fields):
    """Make a category that is hidden from the police, the council, or both."""
    return make_category(
        Level.CONFIDENTIAL,
        hidden_from_police=POLICE in sides,
        hidden_from_council=COUNCIL in sides,
        **fields,
    )


def key_number(number):
    """Return a form's key, and so a code, of its own for every number."""
    return f"{number:032x}"


def new_concern(center, category, **fields):
    """
    Return a concern that is not saved yet, and its code as `concern.code`.

    Level and what it hides follow the category, custody what it hides.
    """
    number = next(numbers)
    key = key_number(number)
    code, key_id = codes.derive(key), codes.current_key_id()
    hides = {
        "hidden_from_police": category.hidden_from_police,
        "hidden_from_council": category.hidden_from_council,
    }
    fields = (
        hides | {"in_custody": category.is_hidden, "level": category.level} | fields
    )
    fields = {
        "reference": str(10_000_000 + number),
        "text": f"Сөз {number}",
        "language": "ky",
        "involved": Involved.NO,
        "may_publish": True,
    } | fields
    concern = Concern(
        center=center,
        category=category,
        key_hash=codes.key_hash(key),
        code_key_id=key_id,
        code_bucket=codes.bucket(code, key_id),
        code_hash=CHEAP.hash(code),
        **fields,
    )
    concern.code = code
    return concern


def make_concern(center=None, category=None, **fields):
    concern = new_concern(
        center or make_center(), category or make_category(), **fields
    )
    concern.save(force_insert=True)
    Change.objects.create(
        concern=concern, new=Status.RECEIVED, side=Change.Side.REPORTER
    )
    return concern


def make_approved(center=None, category=None, *, by=None, **fields):
    """Make a concern with an approved summary, published if its level allows."""
    number = next(numbers)
    now = timezone.now()
    center = center or make_center()
    category = category or make_category()
    level = fields.get("level", category.level)
    fields = {
        "status": Status.IN_PROGRESS,
        "title_ky": f"Аталышы {number}",
        "title_ru": f"Название {number}",
        "summary_ky": f"Мазмуну {number}",
        "summary_ru": f"Содержание {number}",
        "approved_at": now,
        "approved_by": by or make_user(),
        "published_at": now if level == Level.PUBLIC else None,
    } | fields
    fields["search_text"] = fold(f"{fields['title_ky']} {fields['title_ru']}")
    return make_concern(center, category, **fields)


def make_identity(concern, **fields):
    fields = {
        "name": "Айда Токтосунова",
        "phone": "+996770080050",
        "address": "Арал айылы, 7",
        "consent_version": "1",
    } | fields
    return Identity.objects.create(concern=concern, **fields)


def make_message(concern, *, by=None, **fields):
    fields = {"text": f"Кат {next(numbers)}"} | fields
    return Message.objects.create(
        concern=concern, from_reporter=by is None, by=by, **fields
    )


def make_photo(concern, content=b"what it shows", **fields):
    """Keep a photo of a concern, of which the files hold what is given."""
    size = {"width": 60, "height": 40}
    fields = {"digest": str(next(numbers)), "may_show": True} | size | fields
    photo = Photo.objects.create(concern=concern, **fields)
    for size in Photo.Size:
        default_storage.save(photo.path(size), ContentFile(content))
    return photo


def a_picture(size=(60, 40), color="white"):
    """Return the bytes of a picture that can be drawn upon."""
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "JPEG", quality=95)
    return file.getvalue()


def make_public_photo(concern, *, by, content=b"what everyone sees"):
    """Keep a photo of a concern, and the copy of it that is cleared."""
    copy = PublicPhoto.objects.create(
        photo=make_photo(concern, a_picture()),
        by=by,
        width=60,
        height=40,
        small_bytes=len(content),
        large_bytes=len(content),
    )
    for size in copy.Size:
        default_storage.save(copy.path(size), ContentFile(content))
    return copy


def make_public_text(concern, *, by, **fields):
    fields = {
        "title_ky": "Бекитилген",
        "title_ru": "Утверждённое",
        "summary_ky": "Мазмуну",
        "summary_ru": "Содержание",
    } | fields
    number = concern.public_texts.count() + 1
    return PublicText.objects.create(concern=concern, number=number, by=by, **fields)


def make_text(center=None, **fields):
    """Make a ready text of a centre, or a common one."""
    number = next(numbers)
    fields = {
        "use": "message",
        "title_ky": f"Даяр {number}",
        "title_ru": f"Готовый {number}",
        "text_ky": "№ {номер}",
        "text_ru": "№ {номер}",
    } | fields
    return TextTemplate.objects.create(center=center, **fields)


def give(concern, kind, person=None, *, by=None):
    """Assign a concern to a partner of its centre and, if named, to a person."""
    concern.partner = partner_of(concern.center, kind)
    concern.save(update_fields=["partner"])
    if person:
        Assignment.objects.create(concern=concern, user=person, by=by or person)
    return concern


# What is decided together


def a_working_day():
    """Return a day to come on which a meeting is nobody's doubt, nor in the demo."""
    return add_working_days(timezone.localdate(), 60)


def make_meeting(center=None, **fields):
    """Make a meeting of tomorrow, a draft; one that was held has ended too."""
    number = next(numbers)
    fields = {
        "reference": str(10_000_000 + number),
        "starts_at": timezone.now() + timedelta(days=1),
        "venue_ky": f"Жай {number}",
        "venue_ru": f"Место {number}",
    } | fields
    if fields.get("status") == "held":
        began_at = fields["starts_at"]
        ended_at = began_at + timedelta(minutes=90)
        fields = {"began_at": began_at, "ended_at": ended_at} | fields
    return Meeting.objects.create(center=center or make_center(), **fields)


def make_published_meeting(center=None, *, by=None, **fields):
    now = timezone.now()
    return make_meeting(
        center, published_at=now, published_by=by or make_user(), **fields
    )


def make_topic(meeting, **fields):
    number = next(numbers)
    fields = {
        "topic_ky": f"Маселе {number}",
        "topic_ru": f"Вопрос {number}",
        "order": meeting.items.count() + 1,
    } | fields
    return AgendaItem.objects.create(meeting=meeting, **fields)


def put_on_agenda(meeting, concern):
    return AgendaItem.objects.create(
        meeting=meeting, concern=concern, order=meeting.items.count() + 1
    )


def put_action_on_agenda(meeting, action, **fields):
    concern = action.decision.item.concern
    order = meeting.items.count() + 1
    return AgendaItem.objects.create(
        meeting=meeting, action=action, about=concern, order=order, **fields
    )


def make_proposal(concern, by, **fields):
    return Proposal.objects.create(concern=concern, by=by, **fields)


def make_decision(item, *, by=None):
    return Decision.objects.create(
        item=item, text_ky="Чечим", text_ru="Решение", by=by or make_user()
    )


def make_action(decision, **fields):
    fields = {
        "text_ky": "Чыракты алмаштыруу",
        "text_ru": "Заменить фонарь",
        "partner": partner_of(decision.item.meeting.center, COUNCIL),
        "due_on": timezone.localdate(),
    } | fields
    return Action.objects.create(decision=decision, **fields)


def make_work_photo(action, *, by, is_cleared=False, content=b"the work", **fields):
    """Keep a photo of the work on an action, cleared for everyone or not."""
    fields = {
        "taken": "after",
        "digest": str(next(numbers)),
        "alt_ky": "Чырак",
        "alt_ru": "Фонарь",
        "cleared_at": timezone.now() if is_cleared else None,
        "cleared_by": by if is_cleared else None,
    } | fields
    sizes = {"width": 60, "height": 40}
    sizes |= dict.fromkeys(("small_bytes", "large_bytes"), len(content))
    photo = ActionPhoto.objects.create(action=action, by=by, **sizes, **fields)
    for size in photo.Size:
        default_storage.save(photo.path(size), ContentFile(content))
    return photo
