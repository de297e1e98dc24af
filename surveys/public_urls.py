"""What customers reach: no account, no cookie needed."""

from django.urls import path

from surveys import public_views

app_name = "customers"
urlpatterns = [
    path("s/<str:token>/", public_views.survey, name="survey"),
    path("u/<str:token>/", public_views.unsubscribe, name="unsubscribe"),
]
