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
SECONDS = 4

SEED = f"""
from datetime import timedelta
from django.utils import timezone
from accounts.models import Client, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys.instrument import draft_survey, open_wave
from surveys.links import new_nonce, page_mark, token_for
from surveys.models import Contact, Invitation, Item
client = Client.objects.create(workspace=Workspace.objects.create(name="W", slug="w"), name="C")
cycle = Cycle.objects.create(client=client, name="Cycle", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Stage")
for n in range({MOMENTS}):
    Moment.objects.create(stage=stage, position=n, name=f"Moment {{n + 1}}")
survey = draft_survey(cycle)
wave = survey.waves.get()
open_wave(wave)
contacts = Contact.objects.bulk_create(
    (Contact(client=client, email=f"c{{n}}@mail.example", language="en", attributes={{"shop": str(n % 6)}})
     for n in range({LINKS})), batch_size=5000)
invitations = Invitation.objects.bulk_create(
    (Invitation(wave=wave, contact=contact, nonce=new_nonce()) for contact in contacts), batch_size=5000)
with open("{{folder}}/links.txt", "w") as file:
    for invitation in invitations:
        file.write(f"{{token_for(invitation)}} {{page_mark(invitation)}}\\n")
items = Item.objects.filter(survey=survey).order_by("position").values_list("pk", flat=True)
print(wave.pk, ",".join(map(str, items)))
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


def run() -> list[Result]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(fresh_database())
        env = environment(database, folder) | {"BEHIND_PROXY": "1"}
        manage(env, "migrate", "--verbosity=0")
        wave, items = manage(env, "shell", "-v0", "-c", SEED.replace("{folder}", str(folder))).split()[-2:]
        script = folder / "insert.sql"
        script.write_text(insert_script(int(wave), items.split(",")))
        getting = folder / "get.lua"
        getting.write_text(GET.format(folder=folder))
        url = stack.enter_context(web_server(env))
        done, waits = 0, []

        def get() -> float:
            load = wrk(url, getting, for_seconds=SECONDS)
            assert not load.errors, f"{load.errors} pages failed"
            return load.per_second

        def post() -> float:
            nonlocal done
            posting = folder / "post.lua"
            posting.write_text(POST.format(folder=folder, moments=MOMENTS, start=done))
            load = wrk(url, posting, for_seconds=SECONDS)
            assert not load.errors, f"{load.errors} answers were refused"
            done += int(load.per_second * (SECONDS + 1)) + 100
            waits.append(load.p99_ms)
            return load.per_second

        def insert() -> float:
            return pgbench(database, script, for_seconds=SECONDS)

        gets, ceiling = interleaved(get, insert)
        posts, ceiling_too = interleaved(post, insert)
    beside = f"pgbench {ceiling:.0f}/s"
    return [
        Result("survey_get_vs_pgbench", gets / ceiling, 0.4, "higher", f"{gets:.0f} pages/s, {beside}"),
        Result(
            "submit_vs_pgbench",
            posts / ceiling_too,
            0.25,
            "higher",
            f"{posts:.0f} answers/s, pgbench {ceiling_too:.0f}/s, p99 {max(waits):.0f} ms at saturation",
        ),
    ]
