"""The rows of mail, as a lane leaves them."""

from surveys.models import OutgoingMail


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.values_list("recipient", "state"))


def row(address: str) -> OutgoingMail:
    return OutgoingMail.objects.get(recipient=address)
