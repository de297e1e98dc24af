"""Root causes: the usual ones of poor service, and those that a client adds."""

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from surveys.models import Cause

# The errors in service of the method, and what surveys show beside them.
USUAL = {
    "indifference": _("Indifference, lack of interest"),
    "manners": _("Poor manners or presence"),
    "only_sales": _("Only those who sell are kind"),
    "no_solution": _("A solution was refused out of ignorance or laziness"),
    "evading": _("Questions were evaded"),
    "bare_minimum": _("Only what was asked for was offered"),
    "tools": _("Obsolete tools, constant failures"),
    "no_word": _("Nobody said that it would be their turn soon"),
    "promise": _("A promise was not kept"),
    "information": _("Wrong or missing information"),
    "stock": _("Product missing or faulty"),
    "rules": _("Rules that leave no room"),
}
MOST = 60


def seed(client: Client) -> None:
    """The usual ones, once; a client's list grows from there."""
    if Cause.objects.filter(client=client).exclude(key="").exists():
        return
    Cause.objects.bulk_create(
        [Cause(client=client, key=key, name=f"#{key}") for key in USUAL], ignore_conflicts=True
    )


def named(client: Client, text: str) -> Cause | None:
    """The cause of that name, in any case of its letters; the usual ones by their name in this language."""
    wanted = text.casefold()
    found = Cause.objects.filter(client=client).annotate(low=Lower("name"))
    return next((cause for cause in found if str(cause).casefold() == wanted), None)
