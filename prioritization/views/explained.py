"""How it is computed: the same for everybody, so it needs no log-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prioritization import explained


@login_not_required
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    return render(request, "prioritization/explained.html", {"terms": explained.ALL})
