from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from cyclemap.urls import urlpatterns as product


def empty(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("w/<slug:workspace>/empty/", empty), *product]
