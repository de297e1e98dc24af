from django.urls import path

from accounts.views import clients, members

app_name = "members"
urlpatterns = [
    path("members/", members.index, name="list"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<int:member_id>/", members.edit, name="edit"),
    path("members/<int:member_id>/remove/", members.remove, name="remove"),
    path("members/invitations/<int:member_invitation_id>/resend/", members.invitation_resend, name="resend"),
    path("members/invitations/<int:member_invitation_id>/revoke/", members.invitation_revoke, name="revoke"),
    path("clients/", clients.index, name="clients"),
    path("clients/new/", clients.client_new, name="client_new"),
    path("clients/<int:client_id>/edit/", clients.client_edit, name="client_edit"),
    path("clients/<int:client_id>/logo/", clients.client_logo, name="client_logo"),
    path("settings/", clients.settings, name="settings"),
]
