"""What a code opens: one concern, for a quarter of an hour, leaving no trace."""

from datetime import timedelta
from operator import attrgetter
from time import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from centers import emails, limits
from centers.pages import closing, has_left, posted_from, traceless_page

from .. import actions
from ..actions.status import day_of_answer
from ..forms import (
    AnswerForm,
    CodeForm,
    EndForm,
    NewsForm,
    PhotoForm,
    SolvedForm,
    WithdrawForm,
)
from ..forms.fields import put_into
from ..models import Answer, Change, Concern
from ..workflow import Actor, Status, moves_from

WRONG_CODES = ("wrong_code", 10, 10 * 60)
MALFORMED = ("malformed_code", 60, 60)
REPLIES = ("reply", 20, 60 * 60)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def enter(request):
    if request.method != "POST":
        was_closed = "closed" in request.GET and not has_left(request)
        context = {
            "form": CodeForm(),
            "was_closed": was_closed,
            "is_unsent": request.GET.get("closed") == "unsent",
        }
        return render(request, "follow/enter.html", context)
    client = limits.client_key(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        name, limit, seconds = MALFORMED
        if not limits.hit(name, client, limit=limit, seconds=seconds):
            return wait(request, seconds)
        return render(request, "follow/enter.html", {"form": form}, status=422)
    name, limit, seconds = WRONG_CODES
    if not limits.is_within(name, client, limit=limit):
        return wait(request, seconds)
    concern = Concern.objects.find(form.cleaned_data["c"])
    if concern is None:
        limits.hit(name, client, limit=limit, seconds=seconds)
        # Not echoed: wrong, ended and never issued codes get the same bytes.
        form = CodeForm()
        return render(
            request, "follow/enter.html", {"form": form, "is_unknown": True}, status=422
        )
    request.session.cycle_key()
    now = int(time())
    looked_at = concern.seen_by_reporter_at
    request.session["followed"] = {
        "concern": concern.pk,
        "renewals": concern.code_renewals,
        "since": now,
        "seen": now,
        # What came later is marked as new, as long as this is open.
        "new_since": looked_at.timestamp() if looked_at else 0,
    }
    # Who has typed the code has it: the receipt need not show it again.
    request.session.pop("receipt", None)
    request.session.pop("own_code", None)
    request.session.pop("gone", None)
    return redirect("follow:concern")


def wait(request, seconds):
    response = render(request, "follow/wait.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


def followed(request):
    """Return the concern that this browser follows, or None."""
    concern = (
        Concern.objects.followed_in(request.session)
        .select_related(
            "center", "category", "village", "partner", "lead__center", "news_address"
        )
        .annotate(
            has_identity=Q(identity__isnull=False),
            has_answers=Exists(Answer.objects.filter(concern=OuterRef("pk"))),
        )
        .first()
    )
    if concern is None:
        request.session.pop("followed", None)
        return None
    now = int(time())
    if now - request.session["followed"]["seen"] > 60:
        request.session["followed"] = request.session["followed"] | {"seen": now}
    request.center = concern.center
    return concern


@require_safe
@traceless_page
def concern(request):
    concern = followed(request)
    if concern is None:
        return closed()
    said = {"is_sent": "sent" in request.GET, "is_photo_kept": "photo" in request.GET}
    return page(request, concern, **said)


def closed(is_unsent=False):
    """Lead to where the code is typed; `is_unsent` says that words were lost."""
    return redirect(f"{reverse('follow:enter')}?closed{'=unsent' * is_unsent}")


def page(request, concern, status=200, **forms):
    lead = lead_of(concern)
    lines = timeline(request, concern, lead)
    if has_news(concern, lines) or is_first_of_day(concern):
        actions.note_look(concern=concern)
    states = [line for line in lines if getattr(line, "is_status", False)]
    may = {move.target for move in moves_from(concern.status, {Actor.REPORTER})}
    forms = {
        "photo_form": PhotoForm(concern=concern),
        "news_form": NewsForm(prefix="news"),
    } | forms
    # What is being written comes along with whatever else is sent.
    for name in ("photo_form", "news_form"):
        put_into(forms[name], "answer")
    response = render(
        request,
        "follow/concern.html",
        {
            "concern": concern,
            "timeline": lines,
            "question": states[0] if concern.status == Status.NEEDS_INFO else None,
            "answer_by": day_of_answer(concern),
            "is_late": concern.due_on and concern.due_on < timezone.localdate(),
            "closes_on": closes_on(concern),
            "lead": lead,
            "may_confirm": Status.CLOSED in may,
            "may_withdraw": Status.WITHDRAWN in may,
            "photos": concern.photos.all(),
            "answers": concern.answers.all() if concern.has_answers else [],
            "answer_form": AnswerForm(prefix="answer"),
            "solved_form": SolvedForm(),
            "are_letters_sent": emails.are_sent(),
            "withdraw_form": WithdrawForm(prefix="withdraw"),
            "end_form": EndForm(prefix="end"),
        }
        | forms,
        status=status,
    )
    return closing(response, settings.FOLLOW_IDLE_SECONDS)


def timeline(request, concern, lead):
    """Return what happened and what was said, newest first, each with its `is_new`."""
    changes = list(concern.changes.told())
    lines = [*changes, *concern.messages.all()]
    if lead:
        joined = [one.created_at for one in changes if one.new == Status.DUPLICATE]
        lines += lines_of(lead, since=max(joined, default=concern.created_at))
    since = request.session["followed"].get("new_since", 0)
    for line in lines:
        is_later = line.created_at.timestamp() > since
        line.is_new = is_later and not line.from_reporter
    return sorted(lines, key=attrgetter("created_at"))[::-1]


def lines_of(lead, since):
    """Return what became of a lead, for the page of one who was joined to it.

    States and days: no word that anybody wrote, nor who it was.
    """
    moves = lead.changes.filter(
        kind__in=[Change.Kind.STATUS, Change.Kind.TERM], created_at__gt=since
    ).exclude(old=F("new"))
    lines = [
        Change(kind=kind, new=new, created_at=at)
        for kind, new, at in moves.values_list("kind", "new", "created_at")
    ]
    for line in lines:
        line.is_of_lead = True
    return lines


def has_news(concern, lines):
    """Tell whether there is something that the reporter sees for the first time.

    A letter may have told her of what stands in no line of these.
    """
    address = getattr(concern, "news_address", None)
    if address and address.told_at:
        return True
    seen = concern.seen_by_reporter_at
    theirs = [line for line in lines if not line.from_reporter]
    return seen is None or any(line.created_at > seen for line in theirs)


def is_first_of_day(concern):
    """Tell whether she has not looked for a day: what she left is kept while she does.

    Oftener it need not be known.
    """
    return timezone.now() - concern.seen_by_reporter_at > timedelta(days=1)


def lead_of(concern):
    """Return the concern that this one repeats, if its reporter may know its status.

    She always may while no fewer people read it than hers: its number she sees only
    where it is published.
    """
    lead = concern.lead
    is_told = concern.status == Status.DUPLICATE and lead and lead.may_tell(concern)
    return lead if is_told else None


def closes_on(concern):
    """Return the day on which a solved concern closes if nobody objects, or None."""
    if concern.status != Status.RESOLVED:
        return None
    solved_on = timezone.localdate(concern.resolved_at)
    return solved_on + timedelta(days=settings.CLOSE_AFTER_DAYS)


def typed(fields):
    """Return the forms of the conversation with what is typed so far, unjudged."""
    text, email = fields.get("answer-text", ""), fields.get("news-email", "")
    return {
        "answer_form": AnswerForm(prefix="answer", initial={"text": text}),
        "news_form": NewsForm(prefix="news", initial={"email": email}),
        "solved_form": SolvedForm(
            initial={name: fields.get(name) for name in SolvedForm.base_fields}
        ),
    }


# What stands in the one form of her page and was typed by nobody. A photo does not come
# along: it is chosen anew.
NOT_TYPED = {"csrfmiddlewaretoken", *PhotoForm.base_fields}


def back(request, place="", form=None, **said):
    """Come back to the page once a form is sent; what else was typed comes along."""
    concern = followed(request)
    own = {form.add_prefix(name) for name in form.fields} if form else set()
    left = {
        name: text
        for name, text in request.POST.items()
        if text.strip() and name not in own | NOT_TYPED
    }
    if concern and left:
        return page(request, concern, **said, **typed(left))
    response = redirect("follow:concern")
    response["Location"] += place
    return response


def sent(request, form):
    return back(request, "?sent", form, is_sent=True)


def act(request, name, form, action):
    """Do what the reporter asked and come back, or show the form with what is wrong."""
    concern = followed(request)
    if concern is None:
        return gone_already(request, name) or closed(is_unsent=True)
    if form.is_valid():
        try:
            action(concern, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except actions.MoveNotAllowed:
            # Its form may be gone from the page: the words wait in the one that stays.
            texts = [request.POST.get("answer-text"), form.cleaned_data.get("reason")]
            words = "\n\n".join(filter(None, texts))
            forms = {
                "answer_form": AnswerForm(prefix="answer", initial={"text": words}),
                "news_form": typed(request.POST)["news_form"],
            }
            concern = followed(request)
            if concern is None:  # A press just before this one closed it.
                return closed()
            return page(request, concern, 409, is_stale=True, **forms)
        else:
            return None
    forms = typed(request.POST) | {f"{name}_form": form}
    return page(request, concern, status=422, **forms)


# What a reporter reads once her code has ended, by the act that ended it.
GONE = {"withdraw": "follow/withdrawn.html", "end": "follow/ended.html"}


def gone(request, name):
    """Say that it is done. For a second press no more is kept than what was pressed."""
    request.session.pop("followed", None)
    request.session["gone"] = {"by": name, "at": int(time())}
    return render(request, GONE[name])


def gone_already(request, name):
    """Say to a second press what the first has done, or return None."""
    kept = request.session.get("gone", {"by": "", "at": 0})
    is_late = time() - kept["at"] > settings.FOLLOW_IDLE_SECONDS
    return None if is_late or kept["by"] != name else render(request, GONE[name])


def only_takes_answers(view):
    return sensitive_post_parameters()(
        traceless_page(posted_from("follow:concern")(view))
    )


@only_takes_answers
def message(request):
    form = AnswerForm(request.POST, prefix="answer")
    concern = followed(request)
    if concern and "language" in request.POST:
        # Only the language was switched.
        return page(request, concern, **typed(request.POST))
    name, limit, seconds = REPLIES
    if concern and not limits.hit(name, concern.pk, limit=limit, seconds=seconds):
        form.add_error("text", _("Many messages have come: send it again in an hour."))
        response = page(
            request, concern, 429, **typed(request.POST) | {"answer_form": form}
        )
        response["Retry-After"] = str(seconds)
        return response
    refused = act(
        request,
        "answer",
        form,
        lambda concern, words: actions.answer(concern=concern, text=words["text"]),
    )
    if refused:
        return refused
    return sent(request, form)


@only_takes_answers
def answer(request):
    """The reporter's word on "is it solved?"."""
    form = SolvedForm(request.POST)
    return act(request, "solved", form, say_whether_solved) or sent(request, form)


def say_whether_solved(concern, said):
    words, safer = said["reason"], said["safer"]
    try:
        if said["solved"] == Change.Solved.YES:
            actions.confirm(concern=concern, words=words, safer=safer)
        else:
            actions.reopen(
                concern=concern, reason=words, solved=said["solved"], safer=safer
            )
    except actions.MoveNotAllowed:
        if is_said(concern, said):
            return
        if said["solved"] != Change.Solved.YES:
            raise
        # Closed already by others, which is what she wanted.
        actions.agree(concern=concern, words=words, safer=safer)


def is_said(concern, said):
    """Tell whether the reporter has just said the same: the second of two presses."""
    concern.refresh_from_db(fields=["feels_safer"])
    last = concern.changes.last()
    heard = {"solved": last.solved, "reason": last.note, "safer": concern.feels_safer}
    return last.side == Change.Side.REPORTER and said == heard


@only_takes_answers
def withdraw(request):
    form = WithdrawForm(request.POST, prefix="withdraw")
    refused = act(
        request,
        "withdraw",
        form,
        lambda concern, words: actions.withdraw(
            concern=concern, reason=words["reason"]
        ),
    )
    if refused:
        return refused
    return gone(request, "withdraw")
