from modeltranslation.translator import TranslationOptions, register

from .models import Center, DutyNumber, Membership, OutsideBody, Partner, Place


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ["name"]


@register(Center)
class CenterTranslation(TranslationOptions):
    fields = ["name", "story", "opening", "address", "hours"]


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = ["name", "description"]


@register(OutsideBody)
class OutsideBodyTranslation(TranslationOptions):
    fields = ["name", "what"]


@register(Membership)
class MembershipTranslation(TranslationOptions):
    fields = ["position", "hours"]


@register(DutyNumber)
class DutyNumberTranslation(TranslationOptions):
    fields = ["name"]
