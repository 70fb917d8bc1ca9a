"""Addresses of the case studies' room."""

from django.urls import path

from casestudies import views
from casestudies.reuse import FORMS

app_name = "casestudies"
urlpatterns = [
    path("", views.case_study_list, name="list"),
    path("compare/", views.case_study_compare, name="compare"),
    path("<slug:slug>/", views.case_study_detail, name="detail"),
    *[path(f"<slug:slug>/{name}", views.case_study_file, {"name": name}, name=name) for name in FORMS],
]
