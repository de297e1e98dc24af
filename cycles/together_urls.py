"""Addresses of working together: what moved, who is here, what is said."""

from django.urls import path

from cycles.views import comment, together

urlpatterns = [
    path("cycles/<int:cycle_id>/pulse/", together.pulse, name="pulse"),
    path("cycles/<int:cycle_id>/people/", together.people, name="people"),
    path("moments/<int:moment_id>/comments/", comment.moment_comments, name="moment_comments"),
    path(
        "requirements/<int:requirement_id>/comments/",
        comment.requirement_comments,
        name="requirement_comments",
    ),
    path("actions/<int:action_id>/comments/", comment.action_comments, name="action_comments"),
    path("comments/<int:comment_id>/", comment.comment_edit, name="comment_edit"),
    path("comments/<int:comment_id>/resolve/", comment.comment_resolve, name="comment_resolve"),
    path("comments/<int:comment_id>/reopen/", comment.comment_reopen, name="comment_reopen"),
    path("comments/<int:comment_id>/delete/", comment.comment_delete, name="comment_delete"),
    path("comments/<int:comment_id>/restore/", comment.comment_restore, name="comment_restore"),
]
