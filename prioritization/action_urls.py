"""What the matrix knows of actions: which first, what each is to change, what it changed."""

from django.urls import path

from prioritization.views import effects, ranking

patterns = [
    path("cycles/<int:cycle_id>/plan/ranking/", ranking.ranking, name="ranking"),
    path("cycles/<int:cycle_id>/plan/effects/", effects.effects, name="effects"),
    path("actions/<int:action_id>/target/", effects.target, name="target"),
]
