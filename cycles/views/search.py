"""Find things of a workspace."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest
from cyclemap.htmx import page_or_fragment
from cycles.search import LEAST, LONGEST, SHOWN, search, words_of


@require_safe
def find(request: MemberRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    groups = search(request.membership, query)
    context = {
        "query": query,
        "groups": groups,
        "n": sum(len(group.found) for group in groups),
        "more": any(group.more for group in groups),
        "short": sum(map(len, words_of(query))) < LEAST,
        "shown": SHOWN,
        "longest": LONGEST,
    }
    return page_or_fragment(request, "cycles/search.html", "cycles/_search.html", context)
