from modeltranslation.translator import TranslationOptions, register

from .models import (
    Category,
    CategoryGroup,
    CauseLine,
    Concern,
    Problem,
    Question,
    TextTemplate,
)


@register(CategoryGroup)
class CategoryGroupTranslation(TranslationOptions):
    fields = ["name"]


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name", "hint", "lead", "partners", "emergency_text", "advice", "note"]


@register(Concern)
class ConcernTranslation(TranslationOptions):
    fields = ["title", "summary", "outcome"]


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ["text", "hint", "choices"]


@register(Problem)
class ProblemTranslation(TranslationOptions):
    fields = ["title"]


@register(CauseLine)
class CauseLineTranslation(TranslationOptions):
    fields = ["text"]


@register(TextTemplate)
class TextTemplateTranslation(TranslationOptions):
    fields = ["title", "text"]
