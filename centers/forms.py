from datetime import timedelta

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .actions.members import NO_LOGIN
from .logins import normalised
from .models import Invitation, Role, Term, User
from .permissions import GRANTS

# Signing in: allauth's forms, in our words and for a phone's keyboard


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail or phone"),
            max_length=254,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }
            ),
        )

    def clean_login(self):
        return normalised(self.cleaned_data["login"])

    def user_credentials(self):
        return {name: self.cleaned_data[name] for name in ("login", "password")}


class CodeField(forms.CharField):
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )


class CodeForm(AuthenticateForm):
    code = CodeField(label=_("Code"), max_length=20)


class CodeAgainForm(ReauthenticateForm):
    code = CodeField(label=_("Code"), max_length=20)


class AppForm(ActivateTOTPForm):
    code = CodeField(label=_("Six digits from the app"), max_length=20)

    def clean_code(self):
        code = super().clean_code()
        # Nor does this code sign in a moment later.
        if not Authenticator(user=self.user, type="totp").wrap()._mark_code_used(code):
            raise forms.ValidationError(_("Wait for the next six digits."))
        return code


class SheetForm(forms.Form):
    is_printed = forms.BooleanField(
        label=_("I have printed or copied the sheet"),
        error_messages={"required": _("First print or copy the codes, then tick.")},
    )


class LanguageForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language"]
        widgets = {"language": forms.RadioSelect}
        labels = {"language": _("Language of letters to you")}


# Members


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = [
            "full_name",
            "email",
            "phone",
            "partner",
            "role",
            "position",
            "language",
        ]
        widgets = {"language": forms.RadioSelect}
        help_texts = {
            "email": _("E-mail or phone, or both: the person signs in by it."),
            "phone": _("For example: 0770 080 050"),
        }

    def __init__(self, *args, center, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = center.partners.all()
        self.fields["partner"].label = _("Partner")
        self.fields["partner"].empty_label = _("Choose")
        self.fields["role"].choices = Role.choices
        self.fields["role"].initial = Role.MEMBER
        self.fields["language"].label = _("Language of the letter")

    def clean(self):
        fields = super().clean()
        if fields.get("email") == "" and fields.get("phone") == "":
            self.add_error("email", NO_LOGIN)
        return fields


class RoleForm(forms.Form):
    """Offers the roles that a member of this side may have."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("role", membership.role)
        self.fields["role"].choices = [
            (role, name)
            for role, name in Role.choices
            if (membership.partner.kind, role) in GRANTS
        ]


class PasswordForm(forms.Form):
    """A person's own password; nobody else ever knows it."""

    password1 = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; several words are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
    )
    password2 = forms.CharField(
        label=_("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        validate_password(password, self.person)
        return password

    def clean(self):
        fields = super().clean()
        first, second = fields.get("password1"), fields.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        return fields


class TermForm(forms.ModelForm):
    """How long a centre takes for the answer to a report."""

    class Meta:
        model = Term
        fields = ["working_days", "holds_from"]
        widgets = {
            "holds_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tomorrow = timezone.localdate() + timedelta(days=1)
        self.initial["holds_from"] = tomorrow
        self.fields["holds_from"].input_formats = ["%Y-%m-%d", "%d.%m.%Y"]
        self.fields["holds_from"].widget.attrs["min"] = tomorrow

    def validate_unique(self):
        """Nothing is saved by this form: what is in the database is no rival."""
