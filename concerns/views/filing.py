"""From "what worries you?" to the receipt. Nothing here is kept in a browser."""

from time import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from centers import limits
from centers.models import OutsideBody
from centers.pages import (
    closing,
    find_center,
    need_own_origin,
    public_page,
    traceless_page,
)
from centers.terms import terms_on

from .. import actions, codes
from ..actions.filing import ReceiptExpired
from ..actions.status import answer_by, register_by
from ..forms import FilingForm, PhotoForm
from ..models import Category, CategoryGroup, Concern
from .follow import REPLIES
from .known import known_page

# Beyond these a filing is kept apart for a look, never refused: a mobile operator puts
# a whole village behind one address.
PER_CLIENT = [("filing", 5, 10 * 60), ("filing_day", 20, 24 * 60 * 60)]
PER_CENTER = ("filing_center", 30, 60 * 60)


# Choosing files nothing and needs no token, so that the list sets no cookie. The choice
# comes by POST and is led on from there: no address in the history names it, and Back
# finds nothing to send again.
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request, slug):
    return (
        remember(request, slug) if request.method == "POST" else listed(request, slug)
    )


@traceless_page
def remember(request, slug):
    need_own_origin(request)
    request.session["chosen"] = {"category": chosen(request).code, "at": int(time())}
    return redirect("concerns:form", find_center(request, slug).slug)


@public_page
def listed(request, slug):
    center = find_center(request, slug)
    groups = CategoryGroup.objects.prefetch_related("categories")
    return render(
        request, "concerns/categories.html", {"center": center, "groups": groups}
    )


def chosen(request):
    # A NUL would make PostgreSQL fail where it only has to find nothing.
    code = request.POST.get("category", "")[:30].replace("\0", "")
    return get_object_or_404(Category, code=code)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def form(request, slug):
    """The form of a category whose name may stand in no address."""
    center = find_center(request, slug)
    if request.method == "POST":
        return send(request, center, chosen(request))
    kept = request.session.get("chosen", {"at": 0})
    # Who finds this address in a phone's history later is not told what was chosen.
    if time() - kept["at"] > settings.FOLLOW_IDLE_SECONDS:
        request.session.pop("chosen", None)
        return redirect("concerns:choose", center.slug)
    return show(request, center, get_object_or_404(Category, code=kept["category"]))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def new(request, slug, category):
    center = find_center(request, slug)
    category = get_object_or_404(Category, code=category)
    if not category.is_public:
        return redirect("concerns:choose", center.slug)
    if request.method == "POST":
        return send(request, center, category)
    page = None if "new" in request.GET else known_page(request, center, category)
    return page or show(request, center, category)


def show(request, center, category, typed=None):
    if category.is_hidden and not center.has_custodian():
        return page(request, center, category, None)
    initial = typed or {"village": request.GET.get("village", "")}
    form = FilingForm(center=center, category=category, initial=initial)
    return page(request, center, category, form)


def send(request, center, category):
    if "language" in request.POST:
        # Only the language was switched: what is typed so far comes along, unjudged.
        return show(request, center, category, typed=request.POST.dict())
    form = FilingForm(request.POST, center=center, category=category)
    if not form.is_valid():
        return page(request, center, category, form, status=422)
    key, _seconds = form.cleaned_data["key"]
    if is_sent_too_often(key):
        form.add_error(None, _("Many messages have come: send it again in an hour."))
        return page(request, center, category, form, status=429)
    try:
        *_receipt, is_new = actions.file(
            center=center,
            category=category,
            key=key,
            words=form.words,
            identity=form.identity,
            answers=form.answers,
            language=get_language(),
            is_suspect=form.is_suspect or is_flood(request, center),
        )
    except ReceiptExpired:
        return sent_before(request, center, category, form)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return page(request, center, category, form, status=422)
    request.session.pop("chosen", None)
    # A session that somebody else knows must not show him the code.
    request.session.cycle_key()
    request.session["receipt"] = {"key": key, "is_new": is_new, "at": int(time())}
    return redirect("concerns:receipt", center.slug)


def sent_before(request, center, category, form):
    """Say that the form was sent, or show it again where it says something else now.

    Its text, and whom it is about. What was filed is shown to nobody: whoever opens a
    phone after her may let its browser send once more.
    """
    key, _seconds = form.cleaned_data["key"]
    if actions.is_kept(key, form.words["text"], form.words["involved"]):
        return render(
            request, "concerns/receipt_expired.html", {"center": center}, status=409
        )
    form.take_new_key()
    words = _(
        "This form was sent before, and that is not lost: its code is no longer shown"
        " here. What you have written since is not sent yet. Send it now as another"
        " one, or open the first with its code and write there."
    )
    form.add_error(None, words)
    return page(request, center, category, form, status=409)


@require_safe
@traceless_page
def receipt(request, slug):
    """Show the code, as long as the browser that filed has not left.

    A page of its own: an answer to the form itself would be there again, code and all,
    for whoever presses Back and lets the browser send once more.
    """
    concern = receipted(request, slug)
    if concern is None:
        return redirect("follow:enter")
    return receipt_page(request, concern)


def receipted(request, slug):
    """Return the concern that this browser has just filed, or None."""
    center = find_center(request, slug)
    kept = request.session.get("receipt", {"at": 0})
    if time() - kept["at"] > settings.FOLLOW_IDLE_SECONDS:
        request.session.pop("receipt", None)
        return None
    filed = Concern.objects.filed_with(kept["key"]).select_related("identity", "center")
    return get_object_or_404(filed, center=center)


def receipt_page(request, concern, photo_form=None, status=200):
    kept = request.session["receipt"]
    response = render(
        request,
        "concerns/receipt.html",
        {
            "center": concern.center,
            "concern": concern,
            "photos": concern.photos.count(),
            "photo_form": photo_form or PhotoForm(concern=concern),
            "code": codes.grouped(codes.derive(kept["key"], concern.code_key_id)),
            "is_new": kept["is_new"],
            "register_by": register_by(
                concern.center, timezone.localdate(concern.created_at)
            ),
            "answer_by": answer_by(concern),
            "is_incomplete": concern.kind == Concern.Kind.REPORT
            and hasattr(concern, "identity"),
        },
        status=status,
    )
    return closing(response, settings.FOLLOW_IDLE_SECONDS)


def page(request, center, category, form, status=200):
    is_turned_away = form is not None and form.has_error("involved", "no_custodian")
    needs_bodies = category.is_hidden or form is None or is_turned_away
    context = {
        "center": center,
        "category": category,
        "form": form,
        "bodies": OutsideBody.objects.all() if needs_bodies else [],
        "is_turned_away": is_turned_away,
        "numbers": center.numbers.all(),
        "terms": terms_on(timezone.localdate(), center),
    }
    return render(request, "concerns/new.html", context, status=status)


def is_sent_too_often(key):
    """Count what is sent again and again: each may add a message to its concern."""
    earlier = Concern.objects.filed_with(key).first()
    name, limit, seconds = REPLIES
    return earlier and not limits.hit(name, earlier.pk, limit=limit, seconds=seconds)


def is_flood(request, center):
    client = limits.client_key(request)
    within = [
        limits.hit(name, client, limit=limit, seconds=seconds)
        for name, limit, seconds in PER_CLIENT
    ]
    name, limit, seconds = PER_CENTER
    within.append(limits.hit(name, center.slug, limit=limit, seconds=seconds))
    return not all(within)
