"""How the reporter goes: unnamed, without letters, with another code or with none."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from centers import emails, limits
from centers.pages import closing, traceless_page

from .. import actions, codes
from ..forms import EndForm, NewsForm
from .follow import (
    REPLIES,
    act,
    back,
    closed,
    followed,
    gone,
    only_takes_answers,
    page,
    typed,
)


@only_takes_answers
def news(request):
    """Keep an address for letters, or forget it."""
    concern = followed(request)
    if concern is None:
        return closed(is_unsent=True)
    if "stop" in request.POST:
        actions.forget_address(concern=concern)
        return back(request, "#news")
    form = NewsForm(request.POST, prefix="news")
    _name, limit, seconds = REPLIES
    if not limits.hit("news", concern.pk, limit=limit, seconds=seconds):
        form.add_error("email", _("Many addresses have come: send it in an hour."))
    if not form.is_valid() or not emails.are_sent():
        forms = typed(request.POST) | {"news_form": form}
        return page(request, concern, status=422, **forms)
    actions.keep_address(concern=concern, email=form.cleaned_data["email"])
    return back(request, "#news", form)


# A mailbox's own button sends no token of a page (RFC 8058). Opening the address does
# nothing: what looks through letters follows their links.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def no_news(request, token):
    """Send no more letters; whether there were any is not said."""
    is_done = request.method == "POST"
    if is_done:
        actions.stop_news(token=token)
    return render(request, "follow/no_news.html", {"is_done": is_done})


@only_takes_answers
def end(request):
    refused = act(
        request,
        "end",
        EndForm(request.POST, prefix="end"),
        lambda concern, _sure: actions.end_code(concern=concern),
    )
    if refused:
        return refused
    request.session.pop("receipt", None)
    return gone(request, "end")


@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def own_code(request):
    """Offer the reporter a code that nobody of the centre has seen.

    It is in force only when she says that she has it on paper: until then what it comes
    from waits in her session, so that a lost line leaves her with the code she had.
    """
    concern = followed(request)
    if concern is None:
        return closed()
    if not concern.is_code_known:  # pressed twice
        return redirect("follow:concern")
    if "own_code" not in request.session:
        request.session["own_code"] = [codes.new_key(), codes.current_key_id()]
    key, key_id = request.session["own_code"]
    # Shown by another page of hers, it may not be the one that she wrote down.
    mark = codes.key_hash(key)
    if request.method == "POST" and request.POST.get("mark") == mark:
        return put_own_code(request, concern)
    context = {
        "concern": concern,
        "code": codes.grouped(codes.derive(key, key_id)),
        "mark": mark,
        "is_another": request.method == "POST",
    }
    status = 409 if context["is_another"] else 200
    response = render(request, "follow/own_code.html", context, status=status)
    return closing(response, settings.FOLLOW_IDLE_SECONDS)


def put_own_code(request, concern):
    key, key_id = request.session.pop("own_code")
    try:
        renewals = actions.take_own_code(concern=concern, key=key, key_id=key_id)
    except actions.MoveNotAllowed:
        return redirect("follow:concern")
    # What this browser opened stays open; what the former code opened is closed.
    request.session["followed"] |= {"renewals": renewals}
    request.session.pop("receipt", None)
    return redirect("follow:concern")


@only_takes_answers
def forget(request):
    """Erase who she is from her report; the report stays."""
    concern = followed(request)
    if concern is None:
        return closed(is_unsent=True)
    actions.forget_identity(concern=concern)
    return back(request)
