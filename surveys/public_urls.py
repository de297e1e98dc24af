"""What customers reach: no account, no cookie needed."""

from django.urls import path

from surveys import follow_up_views, open_views, provider_events, public_views, visit_views

app_name = "customers"
urlpatterns = [
    path("s/<str:token>/", public_views.survey, name="survey"),
    path("o/<str:token>/", open_views.place, name="open"),
    path("v/<str:token>/", visit_views.visit, name="visit"),
    path("f/<str:token>/", follow_up_views.follow_up, name="follow_up"),
    path("f/<str:token>/stop/", follow_up_views.stop, name="follow_up_stop"),
    path("hooks/mail/", provider_events.webhook, name="mail_events"),
    path("u/<str:token>/", public_views.unsubscribe, name="unsubscribe"),
]
