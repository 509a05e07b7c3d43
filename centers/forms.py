from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from .models import Invitation, Role, User
from .permissions import GRANTS


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["full_name", "email", "partner", "role", "position", "language"]
        widgets = {"language": forms.RadioSelect}

    def __init__(self, *args, center, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = center.partners.all()
        self.fields["partner"].label = _("Partner")
        self.fields["partner"].empty_label = _("Choose")
        self.fields["role"].choices = Role.choices
        self.fields["role"].initial = Role.MEMBER
        self.fields["language"].label = _("Language of the letter")


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
    """A new member's own password; nobody else ever knows it."""

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

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = User(email=invitation.email, full_name=invitation.full_name)

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
