"""What members would have discussed: proposed by them, seen by those who plan."""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centers.pages import posted_from
from concerns.models import Concern

from .. import actions
from ..forms.planning import ProposalForm
from ..models import Meeting, Proposal


def find(request, reference):
    known = Concern.objects.known_to(request.user)
    return get_object_or_404(
        known.select_related("center", "category", "village"), reference=reference
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, reference):
    concern = find(request, reference)
    form, words = ProposalForm(request.POST or None), ""
    if form.is_valid():
        words = form.cleaned_data["words"]
        # Where it cannot be proposed any more, the page says why, and keeps the words.
        with suppress(ValidationError):
            actions.propose(concern=concern, by=request.user, words=words)
            words = ""
            messages.success(request, _("It is proposed for the next agenda."))
        if not words:
            return redirect("desk:propose", reference)
    return render(
        request,
        "desk/propose.html",
        {
            "concern": concern,
            "refusal": actions.refusal(concern),
            "meeting": Meeting.objects.visible_to(request.user)
            .with_concern(concern)
            .first(),
            "proposal": Proposal.objects.waiting_for(request.user)
            .filter(concern=concern, by=request.user)
            .first(),
            "form": form,
            "words": words,
        },
        status=422 if form.is_bound else 200,
    )


@posted_from("desk:propose", find)
def take_back(request, reference):
    concern = find(request, reference)
    actions.take_back(concern=concern, by=request.user)
    messages.success(request, _("Your proposal is taken back."))
    return redirect("desk:propose", reference)
