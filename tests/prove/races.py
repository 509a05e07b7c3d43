"""One form sent by many at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once(sendings):
    """Send a form from every phone at the same moment; return the answers.

    Of each: the phone, and what `Phone.sends` takes.
    """
    start = Barrier(len(sendings))

    def send(phone, *form):
        start.wait()
        return phone.sends(*form)

    with ThreadPoolExecutor(len(sendings)) as pool:
        return list(pool.map(lambda sending: send(*sending), sendings))


def twenty(person, page, ending, typed):
    """Send one form twenty times at once, each with other words; return the answers."""
    path, given = person.opens(page).form(ending)
    return at_once([(person.twin(), path, given | typed(n)) for n in range(20)])


def words(number):
    return f"Ушул сөздөр жоголбойт, {number}"


def both(name, n):
    return {f"{name}_ky": words(n), f"{name}_ru": words(n)}


def assert_one_of_twenty(answers, typed, ending=None):
    """One was taken; each other has its words, to be sent upon what stands there.

    Without an ending the form is gone: the words stand by themselves.
    """
    assert sorted(answer.status for answer in answers) == [302] + [409] * 19
    assert lost(answers, typed) == []
    refused = [answer for answer in answers if answer.status == 409]
    if ending:
        assert len({one.form(ending)[1]["version"] for one in refused}) == 1


def lost(answers, typed):
    """Return the words that a refused sender is not given back."""
    return [
        text
        for number, answer in enumerate(answers)
        if answer.status == 409
        for text in typed(number).values()
        if text not in answer.html
    ]


def number(portal, statement, *values):
    [[number]] = portal.ask(statement, *values)
    return number


def code_on(html):
    [code] = re.findall(r'<p class="code">(.*?)</p>', html, re.S)
    return re.sub(r"\D", "", re.sub(r"<.*?>", "", code))
