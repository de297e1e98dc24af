"""The people of a workspace in use, and how the owner logs in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.base import ContentFile

from accounts import invitations
from accounts.models import MemberInvitation, Membership, Role, User
from tests.conftest import World

# A passkey as a browser gave it to a test server, so that the pages about keys have one to show.
PASSKEY = {
    "name": "kanari key",
    "passwordless": True,
    "credential": {
        "type": "public-key",
        "id": "0fP4li4t8LH2hw0KSkEDBb8-7kakLnugHZvEFdby5oU",
        "rawId": "0fP4li4t8LH2hw0KSkEDBb8-7kakLnugHZvEFdby5oU",
        "authenticatorAttachment": "platform",
        "response": {
            "clientDataJSON": (
                "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiNVNKX3BhZWFkWUZlczUyZjdHUzRI"
                "N0xrd3BSZURtd3ZhLU1wa3RpQ2lpRSIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODEwMSIsImNy"
                "b3NzT3JpZ2luIjpmYWxzZX0"
            ),
            "attestationObject": (
                "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMd"
                "l2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAINHz-JYuLfCx9ocNCkpBAwW_Pu5GpC57oB2bxBXW8uaFpQEC"
                "AyYgASFYIHtHneU7KD-Hk3ER2xXgorCjFtjJxBAGslGsABLkS2ceIlgggWbhhiTvxAgRM_V4Y0xj8p5_"
                "lUKyydp0NFhhOUOniNc"
            ),
            "transports": ["internal"],
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    },
}


def furnish_people(world: World, times: int) -> dict:
    workspace = world.workspace
    world.client.logo.save("kanari.png", ContentFile(b"kanari"))
    for n in range(times):
        user = User.objects.create_user(f"person{n}@{workspace.slug}.example", "a long password")
        member = Membership.objects.create(user=user, workspace=workspace, role=Role.CONSULTANT)
        asked = MemberInvitation(
            workspace=workspace,
            email=f"asked{n}@{workspace.slug}.example",
            role=Role.VIEWER,
            client=world.client,
            invited_by=world.owner,
        )
        key = invitations.issue(asked)
    EmailAddress.objects.create(user=world.owner, email=world.owner.email, primary=True, verified=True)
    TOTP.activate(world.owner, generate_totp_secret())
    RecoveryCodes.activate(world.owner)
    authenticator = Authenticator.objects.create(
        user=world.owner,
        type=Authenticator.Type.WEBAUTHN,
        data=PASSKEY,
    )
    return {"key": key, "member": member, "member_invitation": asked, "authenticator": authenticator}
