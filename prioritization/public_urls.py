"""What people without an account reach by a link of ours."""

from django.urls import path

from prioritization.views import shared

app_name = "shared"
urlpatterns = [
    path("r/<str:token>/", shared.report, name="report"),
    path("r/<str:token>/file/", shared.file, name="file"),
    path("d/<str:token>/", shared.said_page, name="said"),
]
