"""Who is invited, who comes, the sheet to sign; and the page behind a personal link."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers import emails
from centers.models import Membership
from centers.pages import posted_from, traceless_page

from .. import actions
from ..forms.inviting import AnswerForm, GuestForm
from ..models import AgendaItem, Invited
from .desk import find_planned

# Empty lines of the sheet, for those whom nobody expected.
BLANKS = range(15)


def find_invited(request, reference, guest):
    meeting = find_planned(request, reference)
    return get_object_or_404(meeting.invited.filter(user=None), reference=guest)


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request, reference):
    """Show who is invited and who comes; take down a guest."""
    meeting = find_planned(request, reference)
    if request.method != "POST":
        return page(request, meeting, GuestForm())
    form = GuestForm(request.POST)
    if not form.is_valid():
        return page(request, meeting, form, status=422)
    try:
        guest, is_new = actions.invite_guest(
            meeting=meeting, by=request.user, **form.cleaned_data
        )
    except actions.Stale:
        raise Http404 from None
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, meeting, form, status=422)
    if guest.email and emails.are_sent() and not is_new:
        said = _("Already on the list: no second letter goes out to the same address.")
        messages.success(request, said)
    elif guest.email and emails.are_sent():
        messages.success(request, _("The invitation is on its way by e-mail."))
    else:
        messages.success(request, _("Noted. Call, or send the link by a message."))
    return redirect("desk:invited", reference)


def with_partners(meeting, invited):
    """Return the invited; a member's organisation in the language that is read now."""
    members = Membership.objects.live().filter(center=meeting.center)
    partners = {one.user_id: one.partner for one in members.select_related("partner")}
    for one in invited:
        # Who has left stays as he was invited.
        if partner := partners.get(one.user_id):
            one.body = partner.name
    return invited


def page(request, meeting, form, status=200):
    request.center = meeting.center
    # Afterwards it stays what everybody had answered.
    invited = meeting.invited
    expected = list(invited.all() if meeting.has_begun else invited.expected())
    expected = with_partners(meeting, expected)
    answers = [
        (name, sum(one.answer == value for one in expected))
        for value, name in Invited.Answer.choices
    ]
    return render(
        request,
        "desk/invited_to.html",
        {
            "meeting": meeting,
            "expected": expected,
            "answers": answers,
            "newcomers": actions.newcomers(meeting) if meeting.takes_answers else [],
            "silent": [one for one in expected if not one.answer],
            "takes_guests": meeting.takes_answers,
            "are_letters_sent": emails.are_sent(),
            "form": form,
        },
        status=status,
    )


@posted_from("desk:invited", find_invited, takes=["reference"])
def take_off(request, reference, guest):
    invited = find_invited(request, reference, guest)
    try:
        actions.take_off(meeting=invited.meeting, invited=invited, by=request.user)
    except actions.Stale:
        raise Http404 from None
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Taken off the list."))
    return redirect("desk:invited", reference)


@posted_from("desk:invited", find_planned)
def remind(request, reference):
    meeting = find_planned(request, reference)
    try:
        number = actions.remind_invited(meeting=meeting, by=request.user)
    except actions.Stale:
        raise Http404 from None
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        if number:
            said = _("Letters sent: %(number)s") % {"number": number}
            messages.success(request, said)
        elif not emails.are_sent():
            said = _("No letter goes out. Call, or send each the link by a message.")
            messages.warning(request, said)
        else:
            said = _(
                "No letter was sent: who has not answered has no e-mail, or was "
                "written to within the last day. Call them: the list says who."
            )
            messages.warning(request, said)
    return redirect("desk:invited", reference)


@require_safe
def sheet(request, reference):
    """The attendance sheet, to print and to sign."""
    meeting = find_planned(request, reference)
    request.center = meeting.center
    expected = meeting.invited.expected().exclude(answer=Invited.Answer.NO)
    expected = with_partners(meeting, list(expected))
    if meeting.is_published and not meeting.is_over:
        expected += actions.newcomers(meeting)
    expected.sort(key=lambda one: (one.body, one.name))
    return render(
        request,
        "desk/sheet.html",
        {"meeting": meeting, "expected": expected, "blanks": BLANKS},
    )


def find_answering(token):
    """Return whom a personal link is of; raise Http404 where it opens nothing."""
    invited = Invited.objects.find(token)
    if invited is None or not invited.meeting.is_published:
        raise Http404
    return invited


@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def answer(request, token):
    """The page behind a personal link: when and where, and whether one comes."""
    invited = find_answering(token)
    form = AnswerForm(request.POST or None, invited=invited)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.answer_invitation(invited=invited, **form.said)
        except ValidationError as error:
            form.add_error(None, error)
        except (actions.Stale, Invited.DoesNotExist):
            invited = find_answering(token)
            form.renew(invited.meeting.starts_at)
            status = 409
        else:
            messages.success(request, _("Thank you, your answer is kept."))
            return redirect("invited:answer", token)
    meeting = invited.meeting
    items = AgendaItem.objects.public().filter(meeting=meeting)
    return render(
        request,
        "meetings/invited.html",
        {
            "center": meeting.center,
            "meeting": meeting,
            "invited": invited,
            "items": items if meeting.is_open else [],
            "is_expected": meeting.is_planned and not meeting.has_begun,
            "form": form,
        },
        status=status,
    )
