from modeltranslation.translator import TranslationOptions, register

from .models import Category, CategoryGroup, Concern, TextTemplate


@register(CategoryGroup)
class CategoryGroupTranslation(TranslationOptions):
    fields = ["name"]


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name", "hint", "lead", "partners", "emergency_text", "advice", "note"]


@register(Concern)
class ConcernTranslation(TranslationOptions):
    fields = ["title", "summary", "outcome"]


@register(TextTemplate)
class TextTemplateTranslation(TranslationOptions):
    fields = ["title", "text"]
