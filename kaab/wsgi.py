import os

from django.core.wsgi import get_wsgi_application
from psycopg2.extensions import set_wait_callback

from .patience import wait

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaab.settings")
application = get_wsgi_application()
# Whoever opens a page waits no longer; commands have the time they need.
set_wait_callback(wait)
