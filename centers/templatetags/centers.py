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
    """Return a field's text as paragraphs, which its author parted by an empty line.

    One in the other language alone says so, to those who see it too.
    """
    text, mark = words_of(thing, field)
    parts = text.replace("\r\n", "\n").split("\n\n")
    said = format_html_join(
        "\n", "<p{}>{}</p>", ((mark, part.strip()) for part in parts if part.strip())
    )
    if not mark:
        return said
    only = gettext("In Russian only:") if "ru" in mark else gettext("In Kyrgyz only:")
    return format_html('<p class="soft">{}</p>\n{}', only, said)


@register.filter
def tel(number):
    """Return a phone number as a link dials it: digits, and the plus in front."""
    return "".join(sign for sign in number if sign in "+0123456789")


@register.filter
def village(place):
    """Return "Барын айылы" or "село Барын"; nothing where no village was named."""
    if place is None:
        return ""
    name = conditional_escape(words(place, "name"))
    return format_html(gettext("{name} village"), name=name)
