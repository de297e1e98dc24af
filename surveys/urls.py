from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("cycles/<int:cycle_id>/survey/", views.survey, name="survey"),
]
