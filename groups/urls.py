"""Addresses of the groups' room."""

from django.urls import path

from groups import views

app_name = "groups"
urlpatterns = [
    path("", views.group_list, name="list"),
    path("map.json", views.group_map, name="map"),
    path("calendar.ics", views.search_calendar, name="calendar"),
    path("add/", views.group_add, name="add"),
    path("<slug:slug>/", views.group_detail, name="detail"),
    path("<slug:slug>/calendar.ics", views.group_calendar, name="group_calendar"),
    path("<slug:slug>/suggest/", views.group_suggest, name="suggest"),
    path("<slug:slug>/contact/", views.group_contact, name="contact"),
]
