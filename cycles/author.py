"""Who is at work: the person of the request that is being answered, if there is one."""

from simple_history.models import HistoricalRecords  # type: ignore[import-untyped]

from accounts.models import User


def who() -> User | None:
    request = getattr(HistoricalRecords.context, "request", None)
    user: User | None = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
