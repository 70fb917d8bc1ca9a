"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from directory.words import everyday_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selfhelp.settings")

application = get_wsgi_application()
# Read before the workers fork: the first reader with a misspelt word would wait a third of a second.
everyday_words()
