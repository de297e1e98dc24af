"""The WSGI door: `granian --interface=wsgi cyclemap.wsgi:application`."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")

application = get_wsgi_application()
# All pages, so that the first visitor of each process does not wait for them. What is loaded now stays to
# the end: the garbage collector need not walk through it again and again.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
