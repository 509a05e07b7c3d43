"""How the reporter goes: without letters, or with a code that opens nothing."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from centers import emails, limits
from centers.pages import traceless_page

from .. import actions
from ..forms import EndForm, NewsForm
from .follow import REPLIES, act, closed, followed, only_takes_answers, page


@only_takes_answers
def news(request):
    """Keep an address for letters, or forget it."""
    concern = followed(request)
    if concern is None:
        return closed()
    if "stop" in request.POST:
        actions.forget_address(concern=concern)
        return redirect(reverse("follow:concern") + "#news")
    form = NewsForm(request.POST, prefix="news")
    _name, limit, seconds = REPLIES
    if not limits.hit("news", concern.pk, limit=limit, seconds=seconds):
        form.add_error("email", _("Many addresses have come: send it in an hour."))
    if not form.is_valid() or not emails.are_sent():
        return page(request, concern, status=422, news_form=form)
    actions.keep_address(concern=concern, email=form.cleaned_data["email"])
    return redirect(reverse("follow:concern") + "#news")


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
    request.session.pop("followed", None)
    request.session.pop("receipt", None)
    return render(request, "follow/ended.html")
