"""The customer's page through the real server and PostgreSQL, beside pgbench doing the same inserts.

12 moments x 2 ratings, one unanswered link for every request, 16 connections, durable commits.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.harness import (
    Result,
    environment,
    fresh_database,
    interleaved,
    manage,
    pgbench,
    web_server,
    wrk,
)

LINKS = 60_000
MOMENTS = 12
# Answers that lie there already: 9.6 million ratings.
GROWN = 800_000
SECONDS = 4

SEED = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Client, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys.instrument import draft_survey, open_wave
from surveys.links import new_nonce, token_for
from surveys.models import Contact, Invitation, Item
from surveys.page_marks import page_mark
client = Client.objects.create(workspace=Workspace.objects.create(name="W", slug="w"), name="C")
cycle = Cycle.objects.create(client=client, name="Cycle", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Stage")
for n in range({moments}):
    Moment.objects.create(stage=stage, position=n, name=f"Moment {{n + 1}}")
survey = draft_survey(cycle)
wave = survey.waves.get()
open_wave(wave)
contacts = Contact.objects.bulk_create(
    (Contact(client=client, email=f"c{{n}}@mail.example", language="en", attributes={{"shop": str(n % 6)}})
     for n in range({links})), batch_size=5000)
invitations = Invitation.objects.bulk_create(
    (Invitation(wave=wave, contact=contact, nonce=new_nonce()) for contact in contacts), batch_size=5000)
with open("{folder}/links.txt", "w") as file:
    for invitation in invitations:
        file.write(f"{{token_for(invitation)}} {{page_mark(invitation)}}\\n")
items = Item.objects.filter(survey=survey).order_by("position").values_list("pk", flat=True)
print(wave.pk, ",".join(map(str, items)))
"""

BEFORE = """
from benchmarks.crowd import crowd, load
from surveys.models import Wave
load(Wave.objects.get(), crowd({answers}, points=5))
"""

GET = """
local links = {{}}
for line in io.lines("{folder}/links.txt") do links[#links + 1] = line:match("^(%S+)") end
local n = 0
request = function()
  n = n % #links + 1
  return wrk.format("GET", "/s/" .. links[n] .. "/")
end
"""

# Each run takes up where the last one ended, so that every post is a first answer.
POST = """
local links, marks = {{}}, {{}}
for line in io.lines("{folder}/links.txt") do
  local link, mark = line:match("^(%S+) (%S+)$")
  links[#links + 1], marks[#marks + 1] = link, mark
end
local answers = ""
for n = 1, {moments} do
  answers = answers .. ("&w%d=y&i%d=%d&s%d=%d"):format(n, n, n % 5 + 1, n, n * 2 % 5 + 1)
end
local n = {start}
request = function()
  n = n + 1
  -- Each from an address of its own, as customers are: the limits are on.
  local address = ("10.%d.%d.%d"):format(n / 65536, n / 256 % 256, n % 256)
  local headers = {{["Content-Type"] = "application/x-www-form-urlencoded", ["X-Forwarded-For"] = address}}
  local body = "page=" .. marks[n] .. answers .. "&overall=4&nps=9"
  return wrk.format("POST", "/s/" .. links[n] .. "/", headers, body)
end
"""


def insert_script(wave: int, items: list[str]) -> str:
    """The statements of one answer, as pgbench runs them."""
    rows = ",".join(f"(:id, {item}, {n % 5 + 1}, {n * 2 % 5 + 1}, true)" for n, item in enumerate(items, 1))
    return (
        "BEGIN;\n"
        "INSERT INTO surveys_response"
        " (wave_id, submitted_at, language, overall, nps, comment, segments, digest, extra, tags)"
        f""" VALUES ({wave}, now(), 'en', 4, 9, '', '{{"shop": "1"}}', md5(random()::text), '{{}}', '[]')"""
        " RETURNING id \\gset\n"
        "INSERT INTO surveys_rating (response_id, item_id, importance, satisfaction, experienced)"
        f" VALUES {rows};\n"
        "COMMIT;\n"
    )


class Site:
    """A database with one opened survey and links to it, and the web server before it."""

    def __init__(self, stack: ExitStack, links: int, answers_before: int = 0) -> None:
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.database = stack.enter_context(fresh_database())
        env = environment(self.database, self.folder) | {"BEHIND_PROXY": "1"}
        manage(env, "migrate", "--verbosity=0")
        seed = SEED.format(folder=self.folder, moments=MOMENTS, links=links)
        wave, items = manage(env, "shell", "-v0", "-c", seed).split()[-2:]
        if answers_before:
            manage(env, "shell", "-v0", "-c", BEFORE.format(answers=answers_before))
        self.insert_sql = self.folder / "insert.sql"
        self.insert_sql.write_text(insert_script(int(wave), items.split(",")))
        self.get_lua, self.post_lua = self.folder / "get.lua", self.folder / "post.lua"
        self.get_lua.write_text(GET.format(folder=self.folder))
        self.url = stack.enter_context(web_server(env))
        self.used = 0
        self.waits: list[float] = []

    def get(self) -> float:
        load = wrk(self.url, self.get_lua, for_seconds=SECONDS)
        assert not load.errors, f"{load.errors} pages failed"
        return load.per_second

    def post(self) -> float:
        self.post_lua.write_text(POST.format(folder=self.folder, moments=MOMENTS, start=self.used))
        load = wrk(self.url, self.post_lua, for_seconds=SECONDS)
        assert not load.errors, f"{load.errors} answers were refused"
        self.used += int(load.per_second * (SECONDS + 1)) + 100
        self.waits.append(load.p99_ms)
        return load.per_second

    def insert(self) -> float:
        return pgbench(self.database, self.insert_sql, for_seconds=SECONDS)


def run() -> list[Result]:
    with ExitStack() as stack:
        site = Site(stack, LINKS)
        gets, ceiling = interleaved(site.get, site.insert)
        posts, ceiling_too = interleaved(site.post, site.insert)
    beside = f"pgbench {ceiling:.0f}/s"
    return [
        Result("survey_get_vs_pgbench", gets / ceiling, 0.4, "higher", f"{gets:.0f} pages/s, {beside}"),
        Result(
            "submit_vs_pgbench",
            posts / ceiling_too,
            0.25,
            "higher",
            f"{posts:.0f} answers/s, pgbench {ceiling_too:.0f}/s, p99 {max(site.waits):.0f} ms at saturation",
        ),
        growth(),
    ]


def growth() -> Result:
    """The same presses on Send where 9.6 million ratings lie, and where none do."""
    with ExitStack() as stack:
        empty, full = Site(stack, LINKS), Site(stack, LINKS, GROWN)
        on_full, on_empty = interleaved(full.post, empty.post)
    detail = f"{on_full:.0f} answers/s on {GROWN * MOMENTS:,} ratings, {on_empty:.0f} on none"
    return Result("submit_growth", on_full / on_empty, 0.95, "higher", detail)
