"""Actions as a browser adds them to a plan."""

HTMX = {"HX-Request": "true"}


def plan_url(world, query=""):
    return world.url(f"cycles/{world.cycle.pk}/plan/{query}")


def add(browser, world, query="", **more):
    url = world.url(f"cycles/{world.cycle.pk}/plan/actions/{query}")
    return browser.post(url, {"name": "A second till", **more})
