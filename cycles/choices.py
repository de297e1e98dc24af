"""The enumerations of the method. Values are stable; labels are translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Phase(models.TextChoices):
    """Evaluation around the transaction."""

    BEFORE = "before", pgettext_lazy("phase", "Before")
    DURING = "during", pgettext_lazy("phase", "During")
    AFTER = "after", pgettext_lazy("phase", "After")


class Kind(models.TextChoices):
    """Type of moment of truth; the other source counts them from less than zero to the third."""

    NEED = "need", pgettext_lazy("kind of moment", "Need")
    RESEARCH = "research", pgettext_lazy("kind of moment", "Research")
    CHOICE = "choice", pgettext_lazy("kind of moment", "Choice")
    PURCHASE = "purchase", pgettext_lazy("kind of moment", "Purchase")
    AFTER_PURCHASE = "after_purchase", pgettext_lazy("kind of moment", "After purchase")
    REACTION = "reaction", pgettext_lazy("kind of moment", "Reaction")


class Channel(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    WEB = "web", _("Web")
    SOCIAL = "social", _("Social networks")
    MESSAGING = "messaging", _("Messaging")
    APP = "app", _("App")
    POST = "post", _("Post")
    ADVERTISING = "advertising", _("Advertising")


class Mode(models.TextChoices):
    PROACTIVE = "proactive", _("Proactive")
    REACTIVE = "reactive", _("Reactive")


class Dimension(models.TextChoices):
    """The ten components of good service (Parasuraman, Zeithaml and Berry, 1985)."""

    SECURITY = "security", _("Security")
    CREDIBILITY = "credibility", _("Credibility")
    COMMUNICATION = "communication", _("Communication")
    UNDERSTANDING = "understanding", _("Understanding the customer")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    COURTESY = "courtesy", _("Courtesy")
    PROFESSIONALISM = "professionalism", _("Professionalism")
    RESPONSIVENESS = "responsiveness", _("Responsiveness")
    RELIABILITY = "reliability", _("Reliability")
    TANGIBLES = "tangibles", _("Tangibles")


class Vertex(models.TextChoices):
    """The service triangle around the customer."""

    STRATEGY = "strategy", _("Strategy")
    PEOPLE = "people", pgettext_lazy("vertex", "People")
    SYSTEMS = "systems", _("Systems")


class Level(models.TextChoices):
    BASIC = "basic", pgettext_lazy("level of requirement", "Basic")
    EXPECTED = "expected", pgettext_lazy("level of requirement", "Expected")
    LOYALTY = "loyalty", pgettext_lazy("level of requirement", "Loyalty-building")


class Bound(models.TextChoices):
    """Which side of its number a service level is kept on."""

    AT_MOST = "at_most", pgettext_lazy("service level", "At most")
    AT_LEAST = "at_least", pgettext_lazy("service level", "At least")


class ActionStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("status of action", "Proposed")
    APPROVED = "approved", pgettext_lazy("status of action", "Approved")
    DOING = "doing", pgettext_lazy("status of action", "In progress")
    DONE = "done", pgettext_lazy("status of action", "Done")
    DROPPED = "dropped", pgettext_lazy("status of action", "Dropped")


OPEN_ACTION = (ActionStatus.PROPOSED, ActionStatus.APPROVED, ActionStatus.DOING)

STAGE_COLOURS = "abcdefgh"


class Agreed(models.TextChoices):
    """Kinds of service level: with a customer, on a service, or inherited through three tiers."""

    CUSTOMER = "customer", pgettext_lazy("kind of service level", "By customer")
    SERVICE = "service", pgettext_lazy("kind of service level", "By service")
    MULTILEVEL = "multilevel", pgettext_lazy("kind of service level", "Multilevel")


class Tier(models.TextChoices):
    """From the whole company to one customer; the later overrides the earlier."""

    CORPORATE = "corporate", pgettext_lazy("tier", "Corporate")
    DEPARTMENT = "department", pgettext_lazy("tier", "Department")
    CUSTOMER = "customer", pgettext_lazy("tier", "Customer")


class Category(models.TextChoices):
    """What an indicator is about."""

    QUALITY = "quality", _("Quality of work")
    RESPONSIVENESS = "responsiveness", pgettext_lazy("indicator", "Responsiveness")
    VOLUME = "volume", _("Volume of work")
    EFFICIENCY = "efficiency", _("Efficiency")


class Every(models.TextChoices):
    """How long one period is."""

    MONTH = "month", pgettext_lazy("measured every", "Month")
    DAY = "day", pgettext_lazy("measured every", "Day")


class Clock(models.TextChoices):
    """What of the cases is timed, from the moment one is captured."""

    CONTACT = "contact", pgettext_lazy("clock of cases", "until the customer is contacted")
    SOLUTION = "solution", pgettext_lazy("clock of cases", "until a solution is presented")
    CLOSING = "closing", pgettext_lazy("clock of cases", "until the customer is told it is closed")


class Statistic(models.TextChoices):
    """What stands for the hours of all the cases of a period."""

    MEDIAN = "median", _("Median")
    MEAN = "mean", pgettext_lazy("statistic", "Mean")
    P90 = "p90", _("90% are within")
