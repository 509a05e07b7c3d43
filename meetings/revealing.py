"""What of a meeting may give a person away, said before everyone reads it."""

from django.utils.translation import gettext as _

from concerns.giveaways import Kind, giveaways, is_plain, names_known, words

from .actions import members
from .protocol.content import agenda, drafted


def revealing(meeting, place=None):
    """Return, in words, what everyone would read and may give a person away.

    Of the item at a place alone, if one is given. Of a closed meeting and of a closed
    item nobody else reads. The members, and the places and bodies around their centre,
    are no secret.
    """
    if not meeting.is_open:
        return []
    center = meeting.center
    ours = [member.user.full_name for member in members(center)]
    known = [*names_known(center), *ours]
    plain = {word for name in known for word in words(name)}
    said = {}
    for number, item in enumerate(map(drafted, agenda(meeting)), start=1):
        if not item["is_public"] or place not in (None, item["place"]):
            continue
        for one in giveaways("\n".join(texts_of(item)), known=known):
            if one.kind != Kind.NAME or not is_ours(one.words, plain):
                line = _("Item %(number)s: %(words)s")
                said[line % {"number": number, "words": one}] = True
    return list(said)


def is_ours(name, plain):
    return all(is_plain(word, plain) for word in words(name))


def texts_of(item):
    """Return what is written of an item, in both languages."""
    decided = [item["decision"]["text"]] if item["decision"] else []
    acted = [
        action[name]
        for action in item["actions"]
        for name in ("text", "funding", "indicator")
    ]
    pairs = [item["topic"], item["heard"], item["discussed"], *decided, *acted]
    return [text for pair in pairs for text in pair.values() if text]
