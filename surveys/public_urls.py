"""What customers reach: no account, no cookie needed."""

from django.urls import URLPattern

app_name = "customers"
urlpatterns: list[URLPattern] = []
