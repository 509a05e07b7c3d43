"""The house stands as DESIGN draws it: who imports whom, who opens which door."""

import ast
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
# An app may import those before it and itself.
APPS = ["centers", "concerns", "meetings", "kaab"]
DOORS = {
    "visible_to",
    "summarised_to",
    "known_to",
    "waiting_for",
    "public",
    "followed_in",
    "filed_with",
    "find",
}


def sources(*apps):
    return [
        path
        for app in apps or APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_by(path):
    """Yield the full names of the modules that a file imports."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            yield module
            # "from .. import codes" imports a module, not a name of one.
            yield from (f"{module}.{alias.name}" for alias in node.names)


# Who knows whom


@pytest.mark.parametrize("app", APPS)
def test_no_app_knows_the_one_above_it(app):
    above = set(APPS[APPS.index(app) + 1 :])

    upward = [
        (name_of(path), module)
        for path in sources(app)
        for module in imported_by(path)
        if module.split(".")[0] in above
    ]

    assert upward == []


def test_the_table_of_moves_imports_nothing_of_the_portal():
    modules = set(imported_by(ROOT / "concerns/workflow.py"))

    assert {module.split(".")[0] for module in modules} == {"dataclasses", "enum"}


@pytest.mark.parametrize("app", APPS[:-1])
def test_inside_an_app_models_know_neither_actions_nor_views(app):
    wrong = [
        (name_of(path), module)
        for path in sources(app)
        if "models" in path.parts or path.stem == "models"
        for module in imported_by(path)
        if re.match(rf"{app}\.(actions|views|forms|urls|emails)\b", module)
    ]

    assert wrong == []


@pytest.mark.parametrize("app", APPS[:-1])
def test_inside_an_app_actions_know_neither_views_nor_forms(app):
    wrong = [
        (name_of(path), module)
        for path in sources(app)
        if "actions" in path.parts or path.stem == "actions"
        for module in imported_by(path)
        if re.match(rf"{app}\.(views|forms|urls)\b", module)
    ]

    assert wrong == []


def test_nothing_is_imported_inside_a_function():
    # Django calls ready() when the apps are there to be imported.
    hidden = [
        name_of(path)
        for path in sources()
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef) and function.name != "ready"
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_no_signal_runs_between_our_own_apps():
    wired = [
        name_of(path)
        for path in sources()
        if re.search(r"(pre|post)_(save|delete)|m2m_changed|Signal\(", path.read_text())
    ]

    assert wired == []


# One door for each thing


def functions_assigning(attribute):
    """Yield (file, function, whose) for every assignment of an attribute."""
    for path in sources():
        for function in ast.walk(tree_of(path)):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                targets = getattr(node, "targets", None) or [
                    getattr(node, "target", None)
                ]
                if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
                    continue
                for target in flat(targets):
                    if isinstance(target, ast.Attribute) and target.attr == attribute:
                        yield name_of(path), function.name, ast.unparse(target.value)


def flat(targets):
    for target in targets:
        yield from flat(target.elts) if isinstance(target, ast.Tuple) else [target]


def test_one_function_assigns_the_status_of_a_concern():
    assigned = {
        (path, function)
        for path, function, _whose in functions_assigning("status")
        if not path.startswith("meetings/")
    }

    assert assigned == {("concerns/actions/status.py", "put_status")}


def test_in_meetings_statuses_are_those_of_meetings_and_their_items():
    assigned = {
        (path, whose)
        for path, _function, whose in functions_assigning("status")
        if path.startswith("meetings/")
    }

    assert assigned <= {
        ("meetings/actions/execution.py", "action"),
        ("meetings/actions/meeting.py", "meeting"),
        ("meetings/actions/recording.py", "item"),
        ("meetings/actions/recording.py", "meeting"),
    }


def calls(path):
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def test_no_status_is_changed_past_the_action():
    past = [
        name_of(path)
        for path in sources()
        for call in calls(path)
        if getattr(call.func, "attr", "")
        in ("update", "bulk_update", "update_or_create")
        and "status" in [keyword.arg for keyword in call.keywords]
    ]

    assert past == []


def chain(node):
    """Return the names in a.b().c().d, from the first to the last."""
    names = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        else:
            return [getattr(node, "id", ""), *reversed(names)]


WATCHED = {
    "kaab/context.py",
    "kaab/desk.py",
    "kaab/explained.py",
    "kaab/home.py",
    "kaab/machines.py",
}


def is_page(path):
    return (
        path.parent.name in ("views", "templatetags")
        or path.stem == "views"
        or name_of(path) in WATCHED
    )


def longest_chains(path):
    """Return every chain of a file that is not a part of a longer one."""
    parts = set()
    chains = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call | ast.Attribute) and id(node) not in parts:
            chains.append(chain(node))
        if isinstance(node, ast.Call | ast.Attribute):
            inner = node.func if isinstance(node, ast.Call) else node.value
            while isinstance(inner, ast.Call | ast.Attribute):
                parts.add(id(inner))
                inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return chains


PAGES = [path for path in sources() if is_page(path)]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_reads_concerns_through_a_door(path):
    doorless = [
        names
        for names in longest_chains(path)
        if names[:2] == ["Concern", "objects"] and not DOORS & set(names)
    ]

    assert doorless == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_takes_no_way_around_the_doors(path):
    bare = [
        ast.unparse(call)
        for call in calls(path)
        if getattr(call.func, "id", "").startswith("get_")
        and call.args
        and ast.unparse(call.args[0]) in ("Concern", "Meeting", "AgendaItem")
    ]

    assert bare == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_reads_meetings_through_a_door(path):
    doorless = [
        names
        for names in longest_chains(path)
        if names[:2] in (["Meeting", "objects"], ["AgendaItem", "objects"])
        and not {"visible_to", "public"} & set(names)
    ]

    assert doorless == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_reads_what_belongs_to_a_concern_past_it(path):
    past = [
        names
        for names in longest_chains(path)
        if names[0] in ("Identity", "Message", "Change", "Assignment", "JournalEntry")
        and names[1:2] == ["objects"]
    ]

    assert past == []


def test_the_pages_that_are_watched_are_those_there_are():
    assert {
        "concerns/views/desk.py",
        *WATCHED,
        "meetings/views/public.py",
    } <= set(map(name_of, PAGES))


def test_tokens_are_asked_for_everywhere_but_in_four_places():
    exempt = [
        (name_of(path), function.name)
        for path in sources()
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if "csrf_exempt" in ast.unparse(decorator)
    ]

    assert exempt == [
        ("concerns/views/filing.py", "choose"),
        ("concerns/views/known.py", "support"),
        ("concerns/views/leaving.py", "no_news"),
        ("kaab/home.py", "leave"),
    ]


def test_raw_queries_are_few_and_known():
    raw = {
        name_of(path)
        for path in sources()
        for call in calls(path)
        if getattr(call.func, "attr", "") in ("raw", "extra", "execute", "RawSQL")
    }

    assert raw == {
        *("centers/journal.py", "centers/limits.py"),
        *("kaab/health.py", "kaab/bench/fill.py", "kaab/doctor/inside.py"),
        *("kaab/backups/contents.py", "kaab/backups/databases.py"),
        "kaab/backups/soundness.py",
    }


def test_only_the_action_looks_at_who_filed_a_concern():
    """Its models, the action, and the demo, which plays a resident."""
    readers = {
        name_of(path) for path in sources() if "Identity" in path.read_text("utf-8")
    }
    views = {
        name for name in readers if "/views/" in name or name.startswith("meetings")
    }

    # They offer its forms, whose names are all they know of it.
    assert views == {
        *("concerns/views/acts.py", "concerns/views/apart.py"),
        "concerns/views/desk.py",
    }


# Templates

TEMPLATES = sorted(
    path
    for folder in ("templates", *APPS)
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".html", ".txt") and "templates" in path.parts
)
HTML = [path for path in TEMPLATES if path.suffix == ".html"]


def test_there_are_templates_to_look_at():
    assert len(HTML) > 50


@pytest.mark.parametrize("path", HTML, ids=name_of)
def test_a_template_trusts_no_text(path):
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe\b|safeseq|autoescape\s+off", source)


@pytest.mark.parametrize("path", HTML, ids=name_of)
def test_a_template_needs_no_exception_from_the_policy_of_contents(path):
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", source)


def test_a_text_is_marked_safe_in_one_place_that_says_why():
    marked = [
        (name_of(path), source.splitlines()[call.lineno - 2].strip()[:2])
        for path in sources()
        for source in [path.read_text(encoding="utf-8")]
        for call in calls(path)
        if getattr(call.func, "id", getattr(call.func, "attr", "")) == "mark_safe"
    ]

    assert marked == [("kaab/context.py", "# ")]


def test_plain_letters_alone_are_not_escaped():
    unescaped = {
        name_of(path) for path in sources() if "autoescape=" in path.read_text()
    }

    assert unescaped == {"centers/emails.py"}


class Words(HTMLParser):
    """The texts that a reader sees or hears: between the tags, and in attributes."""

    def __init__(self, source):
        super().__init__()
        self.words, self.is_style = [], False
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.is_style = tag == "style"
        attrs = dict(attrs)
        heard = ["aria-label", "alt", "title", "placeholder", "aria-description"]
        if tag == "meta" and attrs.get("name") == "description":
            heard.append("content")
        self.words += [attrs[name] for name in heard if attrs.get(name)]

    def handle_endtag(self, tag):
        self.is_style = False

    def handle_data(self, data):
        if not self.is_style:
            self.words.append(data)


BLOCK = re.compile(
    r"{%\s*(blocktranslate|comment)\b.*?{%\s*end\1\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.S
)


@pytest.mark.parametrize("path", HTML, ids=name_of)
def test_a_template_has_no_word_that_is_not_translated(path):
    words = Words(BLOCK.sub("", path.read_text(encoding="utf-8"))).words

    assert [text.strip() for text in words if re.search(r"[A-Za-z]{2,}", text)] == []
