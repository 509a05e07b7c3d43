"""What one text has that an earlier one had not, word by word."""

import re
from difflib import SequenceMatcher

# A word with what follows it: put together again, the parts are the text.
PART = re.compile(r"\S+\s*|\s+")


def differences(earlier, later):
    """Yield (how, words): what is the "same", what is "gone", what is "new"."""
    old, new = PART.findall(earlier), PART.findall(later)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for how, first, last, start, end in matcher.get_opcodes():
        if how == "equal":
            yield "same", "".join(new[start:end])
        else:
            if first < last:
                yield "gone", "".join(old[first:last])
            if start < end:
                yield "new", "".join(new[start:end])
