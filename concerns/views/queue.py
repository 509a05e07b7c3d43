"""The lists of the desk: what waits, and what members read in short."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centers.pages import posted_from
from centers.paging import NUMBERS, cut, page_number
from centers.permissions import Permission, centers_where, need_work
from centers.references import dashed

from .. import actions
from ..forms import BulkForm, QueueForm, SavedFilterForm
from ..models import Concern, SavedFilter
from .several import attempt, seen

# As many as a page shows.
MOST = 25


@require_safe
def queue(request):
    need_work(request.user)
    form = QueueForm(request.GET, by=request.user)
    if form.number:
        found = listed(form, request.user).first()
        if found:
            return redirect("desk:concern", found.reference)
    return queue_page(request, form, page_number(request))


def listed(form, user):
    return form.apply(Concern.objects.visible_to(user).in_rows(), user)


def queue_page(request, form, number=1, status=200, **forms):
    """Show what fits a filter; `forms` are those in which something is wrong."""
    rows, following = cut(listed(form, request.user), number, size=25)
    bulk = forms.get("bulk_form") or BulkForm(by=request.user)
    return render(
        request,
        "desk/concerns.html",
        {
            "form": form,
            "concerns": rows,
            "page": number,
            "next": following,
            "bulk_form": bulk if bulk.is_offered else None,
            "saved_form": SavedFilterForm(),
            "saved": request.user.saved_filters.all(),
        }
        | forms,
        status=status,
    )


def filtered(request):
    """Return the filter of the page from which something was sent."""
    return QueueForm(QueryDict(request.POST.get("query", "")), by=request.user)


def back_to(form):
    return redirect(f"{reverse('desk:concerns')}?{form.query}")


def need_giving(request):
    if not centers_where(request.user, Permission.ASSIGN_CONCERN):
        raise PermissionDenied


def need_queue(request):
    need_work(request.user)


@posted_from("desk:concerns", need_giving)
def assign_many(request):
    """Give all that are ticked to one side or person: each as if it were alone."""
    need_giving(request)
    form = filtered(request)
    ticked = request.POST.getlist("row")[:MOST]
    bulk = BulkForm(request.POST, by=request.user)
    if not ticked:
        bulk.add_error(None, _("Tick what you want to give."))
    if not bulk.is_valid():
        number = NUMBERS.get(request.POST.get("page"), 1)
        said = {"status": 422, "bulk_form": bulk, "ticked": set(ticked)}
        try:
            return queue_page(request, form, number, **said)
        except Http404:  # That page is empty by now.
            return queue_page(request, form, **said)
    partner, person = bulk.cleaned_data["to"]
    answers = {
        one: attempt(request, one, actions.assign, partner=partner, person=person)
        for one in ticked
    }
    if given := [seen(one)[0] for one, refusal in answers.items() if not refusal]:
        done = _("Given to %(whom)s: %(numbers)s.")
        numbers = ", ".join(dashed(reference) for reference in given)
        whom = person.full_name if person else partner.name
        messages.success(request, done % {"whom": whom, "numbers": numbers})
    for reason in filter(None, answers.values()):
        messages.warning(request, reason)
    return back_to(form)


@posted_from("desk:concerns", need_queue)
def save_filter(request):
    need_work(request.user)
    form = filtered(request)
    saved = SavedFilterForm(
        request.POST, instance=SavedFilter(user=request.user, query=form.query)
    )
    if not (form.query and form.is_valid()):
        saved.add_error("name", _("Choose what to look for first, then press “Show”."))
    if not saved.is_valid():
        return queue_page(request, form, status=422, saved_form=saved)
    # One row, however many presses there are at once.
    kept, _is_new = request.user.saved_filters.get_or_create(
        name=saved.cleaned_data["name"], defaults={"query": form.query}
    )
    if kept.query != form.query:
        saved.add_error("name", _("You have a filter of this name."))
        return queue_page(request, form, status=422, saved_form=saved)
    messages.success(request, _("The filter is kept."))
    return back_to(form)


@posted_from("desk:concerns", need_queue)
def drop_filter(request):
    need_work(request.user)
    name = request.POST.get("name", "").replace("\0", "")
    request.user.saved_filters.filter(name=name).delete()
    messages.success(request, _("The filter is deleted."))
    return back_to(filtered(request))


@require_safe
def summaries(request):
    need_work(request.user)
    number = page_number(request)
    concerns = (
        Concern.objects.summarised_to(request.user)
        .in_rows()
        .order_by("-approved_at", "-pk")
    )
    rows, following = cut(concerns, number, size=25)
    return render(
        request,
        "desk/summaries.html",
        {"concerns": rows, "page": number, "next": following},
    )
