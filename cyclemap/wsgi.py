"""The WSGI door: `granian --interface=wsgi cyclemap.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")

application = get_wsgi_application()
