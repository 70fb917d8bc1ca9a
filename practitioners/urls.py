"""Addresses of the practitioners' room."""

from django.urls import path

from practitioners import views

app_name = "practitioners"
urlpatterns = [
    path("", views.practitioner_list, name="list"),
    path("roles/", views.role_list, name="roles"),
    path("roles/<slug:slug>/", views.role_detail, name="role"),
    path("<slug:slug>/", views.practitioner_detail, name="detail"),
    path("<slug:slug>/contact/", views.practitioner_contact, name="contact"),
]
