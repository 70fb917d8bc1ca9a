"""Addresses of the case studies' room."""

from django.urls import path

from casestudies import views, views_submitting
from casestudies.forms import LINK_HINT
from casestudies.models import CaseStudy
from casestudies.reuse import FORMS
from casestudies.submitting import LINK_LASTS, send_links
from casestudies.views_asking import case_study_ask
from directory.links import link_page
from directory.reporting import report_page

app_name = "casestudies"
urlpatterns = [
    path("", views.case_study_list, name="list"),
    path("compare/", views.case_study_compare, name="compare"),
    path("add/", views_submitting.add, name="add"),
    path(
        "add/link/",
        link_page(
            "casestudies/new_link.html", key="casestudies.link", send=send_links, hint=LINK_HINT, days=LINK_LASTS.days
        ),
        name="new_link",
    ),
    path("add/<str:token>/", views_submitting.draft, name="draft"),
    path("add/<str:token>/<slug:part>/", views_submitting.draft_part, name="draft_part"),
    path("<slug:slug>/", views.case_study_detail, name="detail"),
    path("<slug:slug>/suggest/", views.case_study_suggest, name="suggest"),
    path("<slug:slug>/ask/", case_study_ask, name="ask"),
    path("<slug:slug>/report/", report_page(CaseStudy), name="report"),
    *[path(f"<slug:slug>/{name}", views.case_study_file, {"name": name}, name=name) for name in FORMS],
]
