"""Addresses of the groups' room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.links import link_page
from directory.reporting import report_page
from groups import views, views_own
from groups.models import Group
from groups.owning import send_own_links

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("map.json", views.group_map, name="map"),
    path("calendar.ics", views.search_calendar, name="calendar"),
    path("add/", views.group_add, name="add"),
    path(
        "own/",
        link_page(
            "groups/own_link.html",
            key="groups.own",
            send=send_own_links,
            hint=_("Type one that we have for the group. It may be one that we do not show."),
        ),
        name="own_link",
    ),
    path("confirm/<str:token>/", views_own.own_group, name="own"),
    path("confirm/<str:token>/change/", views_own.change_group, name="change"),
    path("<slug:slug>/", views.group_detail, name="detail"),
    path("<slug:slug>/calendar.ics", views.group_calendar, name="group_calendar"),
    path("<slug:slug>/suggest/", views.group_suggest, name="suggest"),
    path("<slug:slug>/contact/", views.group_contact, name="contact"),
    path("<slug:slug>/report/", report_page(Group), name="report"),
]
