"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from directory.crisis import crisis_in
from directory.words import everyday_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selfhelp.settings")

application = get_wsgi_application()
# Read before the workers fork: they share these lists, and their first readers do not wait half a second for them.
everyday_words()
crisis_in("")
