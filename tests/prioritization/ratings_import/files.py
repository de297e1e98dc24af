"""Files of answers, and how a consultant brings them."""

import re
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client as Browser

from prioritization.models import ImportState, RatingsImport
from surveys.models import Rating, Response
from tests.conftest import World

HEADER = (
    "respondent_id,wave,weight,seg:city,overall,nps,imp:Find the shop,sat:find the SHÓP,sat:Be greeted,Extra"
)
WIDE = f"""{HEADER}
a,2018,1.5,north,4,9,5,4,NE,x
b,2018,0.5,south,3,,4,2,3,x
c,2015,1,north,,10,,,5,x
"""


def give(browser: Browser, world: World, content: str | bytes, name: str = "old.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    url = world.url(f"cycles/{world.cycle.pk}/import/file/")
    return browser.post(url, {"file": ContentFile(data, name=name)})


def given(browser: Browser, world: World, content: str | bytes, name: str = "old.csv") -> str:
    """The address of the page of the file."""
    response = give(browser, world, content, name)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def press(browser: Browser, url: str, **told: str) -> Any:
    return browser.post(f"{url}columns/", {"import": "1", **told})


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def imported(browser: Browser, world: World, content: str = WIDE, **told: str) -> RatingsImport:
    url = given(browser, world, content)
    assert press(browser, url, **told).status_code == 302
    found = RatingsImport.objects.get()
    assert found.state == ImportState.DONE
    return found


def rating(response: Response, moment: str) -> tuple[int | None, int | None, bool] | None:
    found = Rating.objects.filter(response=response, item__moment__name=moment).first()
    return (found.importance, found.satisfaction, found.experienced) if found else None
