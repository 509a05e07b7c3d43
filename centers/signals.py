"""What the apps above hear of, which this one does not know."""

from django.dispatch import Signal

# A person (`user`) has a new password: what opened to him without it opens no more.
password_put = Signal()
