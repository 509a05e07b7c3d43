"""Print what a centre wrote, and say so where the page's own language had no words.

modeltranslation answers from the other language without a sign of it; a voice that
reads the page aloud would then speak Russian as if it were Kyrgyz.
"""

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.translation import get_language, gettext

from ..references import dashed

register = template.Library()
register.filter(dashed)


def words_of(thing, field):
    """Return a translated field's text and the lang attribute it needs on this page."""
    page = get_language()
    for language in (page, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES):
        if text := getattr(thing, f"{field}_{language}", None):
            mark = "" if language == page else format_html(' lang="{}"', language)
            return text, mark
    return "", ""


@register.filter
def words(thing, field):
    """Return a field's text, marked with its language where that is not the page's."""
    text, mark = words_of(thing, field)
    return format_html("<span{}>{}</span>", mark, text) if mark else text


@register.filter
def paragraphs(thing, field):
    """Return a field's text as paragraphs, which its author parted by an empty line."""
    text, mark = words_of(thing, field)
    parts = text.replace("\r\n", "\n").split("\n\n")
    return format_html_join(
        "\n", "<p{}>{}</p>", ((mark, part.strip()) for part in parts if part.strip())
    )


@register.filter
def village(place):
    """Return "Барын айылы" or "село Барын"; nothing where no village was named."""
    if place is None:
        return ""
    name = conditional_escape(words(place, "name"))
    return format_html(gettext("{name} village"), name=name)
