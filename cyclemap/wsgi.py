"""The WSGI door: `granian --interface=wsgi cyclemap.wsgi:application`."""

import gc
import multiprocessing
import os
import signal
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

if multiprocessing.parent_process() is not None:
    # granian forks its processes with its own handlers, which here do nothing: a SIGTERM would be lost until
    # the process has handlers of its own, and the others would wait for it. So early it may simply end.
    for _number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(_number, signal.SIG_DFL)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyclemap.settings")

application = get_wsgi_application()
# All pages, so that the first visitor of each process does not wait for them. What is loaded now stays to
# the end: the garbage collector need not walk through it again and again.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
