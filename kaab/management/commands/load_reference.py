import csv
import re
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from centers.models import OutsideBody, Place
from concerns.models import Category, CategoryGroup, Question, TextTemplate

PLACE = ["soate", "level", "parent", "name_ky", "name_ru"]
TEXTS = ["name", "hint", "lead", "partners", "emergency", "advice", "note"]


class Command(BaseCommand):
    help = "Load the places, the categories and the outside bodies; repeatable."

    def add_arguments(self, parser):
        parser.add_argument(
            "--places",
            type=Path,
            metavar="FILE",
            help="further places, in the form of centers/data/places.tsv",
        )

    @override("ru")
    def handle(self, *, places, **options):
        load_reference()
        if places:
            load_more_places(places)
        self.stdout.write(
            f"{Place.objects.count()} places, {Category.objects.count()} categories"
        )


@transaction.atomic
def load_reference():
    """Bring the reference tables to what the project's own files say.

    What stands in the database and no longer in the files is left alone: concerns may
    refer to it.
    """
    load_places(rows("centers/data/places.tsv"))
    for order, row in enumerate(rows("centers/data/outside.tsv"), start=1):
        OutsideBody.objects.update_or_create(
            code=row.pop("code"), defaults=row | {"order": order}
        )
    for row in rows("concerns/data/groups.tsv"):
        CategoryGroup.objects.update_or_create(code=row.pop("code"), defaults=row)
    groups = {group.code: group for group in CategoryGroup.objects.all()}
    for order, row in enumerate(rows("concerns/data/categories.tsv"), start=1):
        load_category(row, groups, order)
    for order, row in enumerate(rows("concerns/data/questions.tsv"), start=1):
        load_question(row, order)
    for row in rows("concerns/data/templates.tsv"):
        load_template(row)


def rows(name):
    path = Path(settings.BASE_DIR, name)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@transaction.atomic
def load_more_places(path):
    """Load somebody's own file of places; raise CommandError with the line."""
    try:
        lines = rows(path.absolute())
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from None
    # The first line names the columns.
    for number, row in enumerate(lines, start=2):
        if problem := problem_of(row):
            raise CommandError(
                _("%(file)s, line %(number)s: %(problem)s. Nothing was loaded.")
                % {"file": path, "number": number, "problem": problem}
            )
        load_places([row])


def problem_of(row):
    """Say what is wrong with the row of a place, or ''."""
    if set(row) != set(PLACE) or None in row.values():
        return _("the columns are %(names)s, with one tab between") % {
            "names": ", ".join(PLACE)
        }
    if not re.fullmatch(r"\d{14}", row["soate"]):
        return _("a SOATE code has 14 digits")
    if row["level"] not in Place.Level.values:
        return _("the level is one of: %(names)s") % {
            "names": ", ".join(Place.Level.values)
        }
    if not (row["name_ky"] and row["name_ru"]):
        return _("a place has a name in both languages")
    if row["parent"] and not Place.objects.filter(code=row["parent"]).exists():
        return _("the parent %(code)s must stand before it") % {"code": row["parent"]}
    return ""


def load_places(rows):
    """Load places that name their parent by its code, parents first."""
    for row in rows:
        parent = Place.objects.get(code=row["parent"]) if row["parent"] else None
        Place.objects.update_or_create(
            code=row["soate"],
            defaults={
                "level": row["level"],
                "parent": parent,
                "name_ky": row["name_ky"],
                "name_ru": row["name_ru"],
            },
        )


def load_category(row, groups, order):
    hidden_from = row["hidden_from"].split(",")
    values = {
        "group": groups[row["group"]],
        "order": order,
        "level": row["level"],
        "may_be_supported": row["may_be_supported"] == "yes",
        "hidden_from_police": "police" in hidden_from,
        "hidden_from_council": "council" in hidden_from,
        "lead_kind": row["lead_kind"],
        "is_crime": row["is_crime"] == "yes",
        "emergency": row["emergency"],
        "numbers": row["numbers"].replace(" ", ""),
    }
    for text in TEXTS:
        field = "emergency_text" if text == "emergency" else text
        for language in ("ky", "ru"):
            values[f"{field}_{language}"] = row[f"{text}_{language}"]
    Category.objects.update_or_create(code=row["code"], defaults=values)


def load_question(row, order):
    """Load a question common to all centres: one is known again by its words."""
    category = Category.objects.get(code=row.pop("category"))
    for language in ("ky", "ru"):
        name = f"choices_{language}"
        row[name] = row[name].replace(" | ", "\n")
    Question.objects.update_or_create(
        center=None,
        category=category,
        text_ky=row.pop("text_ky"),
        defaults=row | {"order": order},
    )


def load_template(row):
    """Load a ready text that is common to all centres."""
    category = row.pop("category")
    row["category"] = Category.objects.get(code=category) if category else None
    TextTemplate.objects.update_or_create(
        reference=row.pop("code"), defaults=row | {"center": None}
    )
