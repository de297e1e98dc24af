from django.urls import path

from accounts.views import joining, people

app_name = "accounts"
urlpatterns = [
    path("me/", people.profile, name="profile"),
    path("workspaces/new/", people.workspace_new, name="workspace_new"),
    path("join/<str:key>/", joining.join, name="join"),
]
