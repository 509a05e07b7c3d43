from django import forms
from django.utils.translation import gettext_lazy as _

from centers.models import Partner
from centers.permissions import SUPPORTER, Permission, centers_where

from .giving import who_handle


class BulkForm(forms.Form):
    """To whom all that are ticked in the queue are given."""

    to = forms.ChoiceField(
        label=_("Give those that are ticked to"),
        widget=forms.Select({"data-key": "G"}),
        error_messages={"required": _("Choose to whom.")},
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        may = centers_where(by, Permission.ASSIGN_CONCERN)
        if may - centers_where(by, Permission.LOWER_LEVEL):
            self.fields["to"].help_text = _(
                "Given to another side, you no longer read their words: write the "
                "public texts first."
            )
        partners = Partner.objects.filter(center__in=may).exclude(kind=SUPPORTER)
        self.people, sides = {}, {}
        for m in who_handle(partners).select_related("partner__center", "user"):
            side = sides.setdefault(m.partner, {})
            side[f"{m.partner_id}.{m.user_id}"] = m.user.full_name
            self.people[f"{m.partner_id}.{m.user_id}"] = (m.partner, m.user)
            self.people[f"{m.partner_id}."] = (m.partner, None)
        self.fields["to"].choices = [
            ("", _("Choose")),
            *(
                (
                    side.name if len(may) == 1 else f"{side.center}: {side.name}",
                    [(f"{side.pk}.", _("Nobody by name")), *people.items()],
                )
                for side, people in sides.items()
            ),
        ]
        self.is_offered = bool(sides)

    def clean_to(self):
        return self.people[self.cleaned_data["to"]]
