import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotThePhone:
    """Refuse the phone number, however written, as a password: everybody knows it."""

    def validate(self, password, user=None):
        phone = getattr(user, "phone", None)
        if phone and str(phone.national_number) in re.sub(r"\D", "", password):
            raise ValidationError(_("The password contains the phone number."))

    def get_help_text(self):
        return _("Not your phone number.")
