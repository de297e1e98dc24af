"""What the actions of the example were to change, fixed before they began."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from cyclemap.example import CONSULTANT
from cyclemap.example.figures import SHOP
from cycles.models import Action, Cycle, Moment
from prioritization.models import Target
from surveys.models import Respondent, Survey


@dataclass(frozen=True)
class Aimed:
    """`fixed` in days from today; `wave` is the place of the baseline among the waves."""

    moment: int
    smallest: str
    fixed: int = -92
    wave: int = 0
    segment: tuple[str, str] = ("", "")


# By the number of the action. The bell was tried in one shop, so the customers of that shop tell.
TARGETS = {
    3: Aimed(9, "0.30"),
    4: Aimed(8, "0.30", segment=(SHOP, "Plaza Mirador")),
    5: Aimed(2, "0.35", fixed=-9, wave=1),
    8: Aimed(3, "0.40"),
    11: Aimed(12, "0.20"),
}


def load_targets(cycle: Cycle, today: date) -> None:
    survey = Survey.objects.filter(cycle=cycle, respondent=Respondent.CUSTOMER).earliest("pk")
    waves = list(survey.waves.order_by("opened_at"))
    moments = list(
        Moment.objects.filter(stage__cycle=cycle, deleted_at=None).order_by("stage__position", "position")
    )
    consultant = User.objects.get(email=CONSULTANT)
    for number, aimed in TARGETS.items():
        name, value = aimed.segment
        target = Target.objects.create(
            action=Action.objects.get(plan__cycle=cycle, number=number),
            baseline=waves[aimed.wave],
            smallest_change=Decimal(aimed.smallest),
            segment_name=name,
            segment_value=value,
            fixed_at=timezone.make_aware(datetime.combine(today + timedelta(days=aimed.fixed), time(11, 20))),
            fixed_by=consultant,
        )
        target.moments.add(moments[aimed.moment - 1])
