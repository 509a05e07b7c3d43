from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation


def invited(invitation, token):
    """Send the link to the person invited, in her language."""
    with translation.override(invitation.language):
        context = {"invitation": invitation, "link": invitation_link(invitation, token)}
        send(invitation.email, "emails/invited", context)


def signed_in(browser):
    """Tell a person of a sign-in with a browser that was never used before."""
    about_account(browser.user, "emails/signed_in", {"browser": browser})


def account_changed(user, kind):
    """Tell a person of a change by which his account is opened; a kind of journal."""
    about_account(user, "emails/account_changed", {"kind": kind})


def about_account(user, name, context):
    """Send a letter about a person's own account, in his language."""
    # Who signs in by a phone is told at the desk.
    if user.email:
        with translation.override(user.language):
            link = settings.SITE_URL + reverse("mfa_index")
            send(user.email, name, {"user": user, "link": link, **context})


def invitation_link(invitation, token):
    """Return the address of the page that greets the person in her language."""
    return address("accept_invitation", token, invitation.language)


def return_link(link, token):
    """Return the address of the page where a person comes back, in her language."""
    return address("come_back", token, link.user.language)


def address(name, token, language):
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=[token])


def are_sent():
    """Tell whether this installation has a mail server to send letters by."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def send(address, name, context, *, sender=None, headers=None):
    """Send a plain letter, made of a template."""
    letter = EmailMessage(*written(name, context), sender, [address], headers=headers)
    # A letter that cannot go out must not undo what it tells of.
    letter.send(fail_silently=True)


def written(name, context):
    """Return a letter's subject, which is the first line of its template, and text."""
    # Plain text is not HTML: an apostrophe in a name stays one.
    template = get_template(f"{name}.txt").template
    text = template.render(Context(context, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
