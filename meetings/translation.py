from modeltranslation.translator import TranslationOptions, register

from .models import (
    Action,
    ActionPhoto,
    AgendaItem,
    Decision,
    Goal,
    Meeting,
    Plan,
    PlanVersion,
    Protocol,
    ProtocolVersion,
    Rules,
)


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ["venue", "former_venue", "reason"]


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ["topic", "heard", "discussed"]


@register(Decision)
class DecisionTranslation(TranslationOptions):
    fields = ["text"]


@register(Action)
class ActionTranslation(TranslationOptions):
    fields = ["text", "funding", "indicator"]


@register(ActionPhoto)
class ActionPhotoTranslation(TranslationOptions):
    fields = ["alt"]


@register(Protocol)
class ProtocolTranslation(TranslationOptions):
    fields = ["reason"]


@register(ProtocolVersion)
class ProtocolVersionTranslation(TranslationOptions):
    fields = ["reason"]


@register(Rules)
class RulesTranslation(TranslationOptions):
    fields = ["venue"]


@register(Plan)
class PlanTranslation(TranslationOptions):
    fields = ["reason"]


@register(Goal)
class GoalTranslation(TranslationOptions):
    fields = Goal.TEXTS


@register(PlanVersion)
class PlanVersionTranslation(TranslationOptions):
    fields = ["reason"]
