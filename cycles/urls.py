from django.urls import include, path

from cycles import together_urls
from cycles.views import (
    attachment,
    bin,
    blueprint,
    card,
    coverage,
    cycle,
    moment,
    paste,
    requirement,
    search,
    stage,
    wheel,
)

app_name = "cycles"
urlpatterns = [
    path("cycles/new/", cycle.cycle_new, name="new"),
    path("cycles/<int:cycle_id>/", cycle.cycle_map, name="map"),
    path("cycles/<int:cycle_id>/list/", cycle.cycle_list, name="list"),
    path("cycles/<int:cycle_id>/blueprint/", blueprint.blueprint, name="blueprint"),
    path("moments/<int:moment_id>/lanes/<str:lane>/", blueprint.moment_lane, name="lane"),
    path("cycles/<int:cycle_id>/wheel.svg", wheel.wheel_svg, name="wheel_svg"),
    path("cycles/<int:cycle_id>/wheel.png", wheel.wheel_png, name="wheel_png"),
    path("cycles/<int:cycle_id>/emotion/", wheel.emotion, name="emotion"),
    path("cycles/<int:cycle_id>/edit/", cycle.cycle_edit, name="edit"),
    path("cycles/<int:cycle_id>/delete/", cycle.cycle_delete, name="delete"),
    path("cycles/<int:cycle_id>/restore/", cycle.cycle_restore, name="restore"),
    path("cycles/bin/", bin.cycles_bin, name="cycles_bin"),
    path("cycles/<int:cycle_id>/bin/", bin.cycle_bin, name="bin"),
    path("cycles/<int:cycle_id>/paste/", paste.moments_paste, name="moments_paste"),
    path("cycles/<int:cycle_id>/unpaste/", paste.moments_unpaste, name="moments_unpaste"),
    path("cycles/<int:cycle_id>/stages/", stage.stage_add, name="stage_add"),
    path("stages/<int:stage_id>/", stage.stage_edit, name="stage_edit"),
    path("stages/<int:stage_id>/move/", stage.stage_move, name="stage_move"),
    path("stages/<int:stage_id>/delete/", stage.stage_delete, name="stage_delete"),
    path("stages/<int:stage_id>/restore/", stage.stage_restore, name="stage_restore"),
    path("stages/<int:stage_id>/split/", stage.stage_split, name="stage_split"),
    path("stages/<int:stage_id>/merge/", stage.stage_merge, name="stage_merge"),
    path("stages/<int:stage_id>/moments/", moment.moment_add, name="moment_add"),
    path("moments/<int:moment_id>/", moment.moment_edit, name="moment_edit"),
    path("moments/<int:moment_id>/name/", moment.moment_name, name="moment_name"),
    path(
        "moments/<int:moment_id>/attributes/<slug:attribute>/", card.moment_attribute, name="moment_attribute"
    ),
    path("moments/<int:moment_id>/attachments/", attachment.attachment_add, name="attachment_add"),
    path("attachments/<int:attachment_id>/", attachment.attachment, name="attachment"),
    path("attachments/<int:attachment_id>/delete/", attachment.attachment_delete, name="attachment_delete"),
    path(
        "attachments/<int:attachment_id>/restore/", attachment.attachment_restore, name="attachment_restore"
    ),
    path("moments/<int:moment_id>/move/", moment.moment_move, name="moment_move"),
    path("moments/<int:moment_id>/delete/", moment.moment_delete, name="moment_delete"),
    path("moments/<int:moment_id>/restore/", moment.moment_restore, name="moment_restore"),
    path("cycles/<int:cycle_id>/requirements/", requirement.requirements, name="requirements"),
    path("cycles/<int:cycle_id>/coverage/", coverage.coverage, name="coverage"),
    path("moments/<int:moment_id>/requirements/", requirement.requirement_add, name="requirement_add"),
    path("requirements/<int:requirement_id>/", requirement.requirement_edit, name="requirement_edit"),
    path("requirements/<int:requirement_id>/move/", requirement.requirement_move, name="requirement_move"),
    path(
        "requirements/<int:requirement_id>/delete/", requirement.requirement_delete, name="requirement_delete"
    ),
    path(
        "requirements/<int:requirement_id>/restore/",
        requirement.requirement_restore,
        name="requirement_restore",
    ),
    path("", include("cycles.action_urls")),
    path("", include("cycles.agreement_urls")),
    path("", include("cycles.file_urls")),
    path("", include("cycles.kept_urls")),
    path("", include("cycles.maturity_urls")),
    path("", include("cycles.phase_urls")),
    path("search/", search.find, name="search"),
]
urlpatterns += together_urls.urlpatterns
