"""The coordinator's side of the centre's page: write, look, publish, go back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import page
from ..models import Membership, PageVersion
from ..page_forms import PageForms, ShownMemberForm
from ..pages import posted_from
from ..permissions import Permission, need
from .desk import find, find_membership, list_members, tell_who_was_slower

SHOWN = 20


def find_edited(request, slug):
    center = find(request, slug)
    need(request.user, Permission.EDIT_CENTER, center)
    return center


def find_version(request, slug, number):
    versions = find_edited(request, slug).versions
    return get_object_or_404(versions.exclude(published_at=None), number=number)


def number_in(request, name):
    """Return the number that a button carries, or one that nothing can have."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def version_in(request):
    """Return the version of the draft that a button carries, or none there can be."""
    return number_in(request, "version")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug):
    center = find_edited(request, slug)
    newest = list(center.versions.select_related("by").order_by("-number")[:SHOWN])
    draft = next((one for one in newest if one.published_at is None), None)
    versions = [one for one in newest if one != draft]
    content = draft.content if draft else page.content_of(center)
    version = center.page_version
    if request.method != "POST":
        forms = PageForms(center=center, content=content, version=version)
        return edit_page(request, center, draft, versions, forms)
    forms = PageForms(request.POST, center=center, content=content, version=version)
    if not forms.is_valid():
        return edit_page(request, center, draft, versions, forms, status=422)
    try:
        page.save_draft(
            center=center,
            content=forms.content,
            by=request.user,
            version=forms.page.cleaned_data["version"],
        )
    except page.Stale:
        # Her words stay; sent again, they take the place of the other's.
        forms.page.data = request.POST.copy()
        # Read anew: it may have changed while this one waited.
        forms.page.data["version"] = find_edited(request, slug).page_version
        return edit_page(request, center, draft, versions, forms, status=409)
    if "preview" in request.POST:
        return redirect("desk:preview_page", slug)
    messages.success(request, _("The draft is saved. Nobody else sees it yet."))
    return redirect("desk:center_page", slug)


def edit_page(request, center, draft, versions, forms, status=200):
    return render(
        request,
        "desk/center_page.html",
        {
            "center": center,
            "draft": draft,
            "forms": forms,
            "versions": versions,
            "is_stale": status == 409,
            "is_wrong": status == 422,
        },
        status=status,
    )


@posted_from("desk:center_page", find_edited)
def publish(request, slug):
    center = find_edited(request, slug)
    try:
        page.publish(center=center, by=request.user, version=version_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("desk:center_page", slug)
    except page.Stale:
        if not center.versions.draft():
            # Pressed twice, or thrown away meanwhile: the page says how it stands.
            messages.info(request, _("There is no draft to publish."))
            return redirect("desk:center_page", slug)
        messages.error(request, _("The draft was changed meanwhile: look at it again."))
        return redirect("desk:preview_page", slug)
    messages.success(request, _("The page is published."))
    return redirect("desk:center_page", slug)


@posted_from("desk:center_page", find_edited)
def discard(request, slug):
    center = find_edited(request, slug)
    try:
        page.discard_draft(center=center, by=request.user, version=version_in(request))
    except page.Stale:
        if center.versions.draft():
            wrong = _("The draft was changed meanwhile: look at it again.")
            messages.error(request, wrong)
            return redirect("desk:center_page", slug)
        if center.versions.filter(number=number_in(request, "number")):
            # It was not thrown away: everyone reads it.
            messages.info(request, _("There is no draft to publish."))
            return redirect("desk:center_page", slug)
    # Pressed twice, it is gone all the same.
    messages.success(request, _("The draft is thrown away."))
    return redirect("desk:center_page", slug)


@posted_from("desk:center_page", find_version, takes=["slug"])
def restore(request, slug, number):
    center = find_edited(request, slug)
    try:
        page.restore(
            center=center, number=number, by=request.user, version=version_in(request)
        )
    except PageVersion.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        wrong = " ".join(error.messages)
    except page.Stale:
        wrong = _("The draft was changed meanwhile: look at it again.")
    else:
        wrong = ""
    # Pressed twice, the draft is what the first press made of it.
    if wrong and not is_draft(center, number):
        messages.error(request, wrong)
    else:
        messages.success(request, _("The earlier version is the draft now."))
    return redirect("desk:center_page", slug)


def is_draft(center, number):
    """Tell whether the draft says what an earlier version says."""
    draft, earlier = center.versions.draft(), center.versions.get(number=number)
    return draft is not None and draft.content == earlier.content


@require_http_methods(["GET", "HEAD", "POST"])
def show_member(request, slug, reference):
    try:
        return edit_member(request, slug, reference)
    except Membership.DoesNotExist:
        return give_back(request, slug, reference)


def edit_member(request, slug, reference):
    membership = find_membership(request, slug, reference)
    need(request.user, Permission.EDIT_CENTER, membership.center)
    form = ShownMemberForm(request.POST or None, instance=membership)
    if request.method == "POST" and form.is_valid():
        try:
            page.show_member(
                membership=membership,
                by=request.user,
                seen=form.cleaned_data["seen"],
                consented_on=form.consented_on,
                **form.words,
            )
        except page.Stale:
            # The words stay; whether she agrees is asked again, as it stands now.
            form = ShownMemberForm(instance=membership, initial=form.words)
            return show(request, membership, form, status=409)
        messages.success(request, _("Saved."))
        return redirect("desk:member", slug, reference)
    return show(request, membership, form, status=422 if form.is_bound else 200)


def give_back(request, slug, reference):
    """Give back what was written of a membership that ended meanwhile.

    Another role is another membership, which shows the same words.
    """
    center = find_edited(request, slug)
    ended = center.memberships.get(reference=reference)
    newer = center.memberships.live().filter(
        user=ended.user_id, partner=ended.partner_id, pk__gt=ended.pk
    )
    words = {name: request.POST.get(name, "") for name in ShownMemberForm.Meta.fields}
    membership = newer.select_related("center", "partner", "user").last()
    if membership is None:
        tell_who_was_slower(request)
        kept = [text for text in words.values() if text]
        return list_members(request, center, words=kept, status=409)
    form = ShownMemberForm(instance=membership, initial=words)
    return show(request, membership, form, status=409)


def show(request, membership, form, status):
    return render(
        request,
        "desk/show_member.html",
        {
            "center": membership.center,
            "membership": membership,
            "form": form,
            "is_stale": status == 409,
        },
        status=status,
    )
