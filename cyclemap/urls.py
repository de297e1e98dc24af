"""The map of the site.

/w/<workspace>/ is for members, /s/<token>/ for customers, /health/ for machines.
"""

from django.conf import settings
from django.urls import include, path

import accounts.views
import cycles.views
import prioritization.views.explained
from cyclemap import views

urlpatterns = [
    # First, because it is asked most by far, and no other address begins so.
    path("", include("surveys.public_urls")),
    path("", accounts.views.home, name="home"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("language/", views.language, name="language"),
    path("help/statistics/", prioritization.views.explained.statistics, name="help_statistics"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("prioritization.public_urls")),
    path("w/<slug:workspace>/", cycles.views.index, name="workspace"),
    path("w/<slug:workspace>/", include("accounts.workspace_urls")),
    path("w/<slug:workspace>/", include("cycles.urls")),
    path("w/<slug:workspace>/", include("surveys.urls")),
    path("w/<slug:workspace>/", include("prioritization.urls")),
]

if settings.TRIAL:
    urlpatterns.append(path("letterbox/", views.letterbox, name="letterbox"))

handler500 = "cyclemap.views.server_error"
