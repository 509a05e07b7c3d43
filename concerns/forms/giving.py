from django import forms
from django.utils.translation import gettext_lazy as _

from centers.models import Membership, Role, User
from centers.permissions import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    Permission,
    can,
    memberships_of,
)

from ..actions.giving import HANDLERS, hands_of
from .acts import ChangeForm


class PeopleField(forms.ModelMultipleChoiceField):
    """Some people, each ticked; nobody may be sent as an empty value too."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        # No key is longer; a database would fail where it only has to find nothing.
        return super().clean([pk for pk in value or [] if 0 < len(str(pk)) < 19])


def who_handle(partners):
    """Return the service of those who may have concerns in hand for some partners."""
    return (
        Membership.objects.live()
        .filter(
            partner__in=partners,
            role__in=HANDLERS,
            user__is_active=True,
            user__is_superuser=False,
        )
        .select_related("partner", "user")
        .order_by("partner__order", "partner", "user__full_name")
    )


class AssignForm(ChangeForm):
    """Offers the sides from which it is not hidden, with their people by name."""

    partner = forms.ModelChoiceField(
        queryset=None, label=_("Partner"), empty_label=None, widget=forms.RadioSelect
    )
    person = PeopleField(
        queryset=None,
        label=_("People"),
        help_text=_("Tick all who have it in hand; who is not ticked has it no more."),
        required=False,
        error_messages={
            "required": _("A confidential concern is given to a person by name.")
        },
    )

    def set_up(self):
        kinds = [
            kind
            for kind in [RESIDENTS, COUNCIL, POLICE]
            if not self.concern.is_hidden_from(kind)
        ]
        partners = self.concern.center.partners.filter(kind__in=kinds)
        service = who_handle(partners)
        if not can(self.by, Permission.ASSIGN_CONCERN, self.concern.center):
            service = service.filter(user=self.by)
        self.sides, self.sides_of, names = {}, {}, {}
        for m in service:
            self.sides[m.partner_id] = m.partner
            self.sides_of.setdefault(m.user_id, []).append(m.partner)
            names[m.user_id] = m.user.full_name
        partner, person = self.fields["partner"], self.fields["person"]
        partner.queryset = partners
        partner.choices = [(side.pk, side.name) for side in self.sides.values()]
        person.queryset = User.objects.filter(memberships__in=service).distinct()
        person.choices = [
            (user, f"{name}, {self.side_name(user)}") for user, name in names.items()
        ]
        lead = self.concern.category.lead_kind
        leaders = (side.pk for side in self.sides.values() if side.kind == lead)
        given_to = self.concern.partner_id or next(leaders, None)
        self.initial.setdefault("partner", given_to)
        if "person" not in self.initial:
            self.initial["person"] = [h.user_id for h in hands_of(self.concern)]
        if self.concern.is_confidential:
            person.required = True
            person.help_text = _(
                "They may be of any side; nobody else among the members will read it."
            )
        elif not self.is_coordinators:
            partner.help_text = _(
                "Given to another side, you no longer read its words: write the public "
                "text first."
            )

    def side_name(self, user):
        kinds = dict.fromkeys(s.get_kind_display() for s in self.sides_of[user])
        return ", ".join(map(str, kinds))

    def clean(self):
        fields = super().clean()
        fields["people"] = list(fields.pop("person", []))
        partner = fields.get("partner")
        if not fields["people"] or partner is None:
            return fields
        others = [
            person
            for person in fields["people"]
            if partner not in self.sides_of.get(person.pk, [])
        ]
        is_chosen = "partner" in self.changed_data
        if len(others) == len(fields["people"]) and not is_chosen:
            # Who is named decides whose side it is: one choice is enough.
            fields["partner"] = self.sides_of[others[0].pk][0]
            others = [
                person
                for person in others
                if fields["partner"] not in self.sides_of[person.pk]
            ]
        if others and not self.concern.is_confidential:
            self.add_error(
                "person",
                forms.ValidationError(
                    _("Of another side, and so will not read it: %(names)s"),
                    params={"names": ", ".join(one.full_name for one in others)},
                ),
            )
        return fields

    def is_done_by(self, line, concern):
        people, partner = self.cleaned_data["people"], self.cleaned_data.get("partner")
        # Who is named may have decided whose side it is.
        is_free = not any(
            partner in self.sides_of.get(person.pk, []) for person in people
        )
        is_given = partner and (partner == concern.partner or (people and is_free))
        return is_given and {hand.user_id for hand in hands_of(concern)} == {
            person.pk for person in people
        }

    @property
    def done(self):
        """Return the word on who has it now: it may be read by others alone."""
        people = [one.full_name for one in self.cleaned_data["people"]]
        whom = ", ".join([self.cleaned_data["partner"].name, *people])
        return _("Given to: %(whom)s.") % {"whom": whom}

    @property
    def is_coordinators(self):
        """Whether the giver goes on reading it, whoever has it in hand."""
        return any(
            m.center_id == self.concern.center_id and m.role == Role.COORDINATOR
            for m in memberships_of(self.by)
        )
