"""Whether what was promised was done: said by the person whose concern it answers."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_post_parameters

from centers.pages import posted_from, traceless_page
from concerns.forms import AnswerForm
from concerns.views.follow import closed, followed, page, sent, typed

from .. import actions
from ..forms.acting import PromiseForm
from ..models import Action


@sensitive_post_parameters()
@traceless_page
@posted_from("follow:concern", takes=[])
def say(request, reference):
    concern = followed(request)
    if concern is None:
        return closed(is_unsent=True)
    promised = Action.objects.promised(concern).with_last_said()
    action = get_object_or_404(promised, reference=reference)
    form = PromiseForm(request.POST, action=action)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            actions.say_as_reporter(
                action=action,
                concern=concern,
                is_done=form.cleaned_data.get("done") == "yes",
                words=words,
            )
        except ValidationError as error:
            form.add_error(None, error)
        except Action.DoesNotExist:
            raise Http404 from None
        except actions.Stale:
            return overtaken(request, concern, words)
        else:
            return sent(request, form)
    if not action.waits_for(concern):
        return overtaken(request, concern, form["words"].data)
    return page(request, concern, 422, promise_form=form, **typed(request.POST))


def overtaken(request, concern, words):
    # Its form is gone from the page: the words wait in the one that stays.
    texts = filter(None, [request.POST.get("answer-text"), words])
    kept = AnswerForm(prefix="answer", initial={"text": "\n\n".join(texts)})
    forms = typed(request.POST) | {"answer_form": kept}
    return page(request, concern, 409, is_stale=True, **forms)
