"""Addresses of the practitioners' room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.links import link_page
from directory.reporting import report_page
from practitioners import views, views_agreement, views_digest, views_joining, views_linking, views_roles
from practitioners.joining import send_own_links
from practitioners.models import Practitioner

app_name = "practitioners"
urlpatterns = [
    path("", views.practitioner_list, name="list"),
    path("roles/", views_roles.role_list, name="roles"),
    path("roles/<slug:slug>/", views_roles.role_detail, name="role"),
    path("role-finder/", views_roles.role_finder, name="role_finder"),
    path("working-together/", views_roles.together, name="working_together"),
    path("agreement/", views_agreement.working_agreement, name="agreement"),
    path("add/", views_joining.add, name="add"),
    path(
        "own/",
        link_page(
            "practitioners/own_link.html",
            key="practitioners.own",
            send=send_own_links,
            hint=_("The one that you gave us for your page."),
        ),
        name="own_link",
    ),
    path("own/<str:token>/", views_joining.own_entry, name="own"),
    path("own/<str:token>/groups/", views_linking.practitioner_supports, name="own_supports"),
    # Behind the link of a group's people.
    path("own/group/<str:token>/", views_linking.group_supports, name="group_supports"),
    path("digest/", views_digest.digest, name="digest"),
    path("digest/confirm/<str:token>/", views_digest.confirm, name="digest_confirm"),
    path("digest/stop/<str:token>/", views_digest.stop, name="digest_stop"),
    path("<slug:slug>/", views.practitioner_detail, name="detail"),
    path("<slug:slug>/suggest/", views.practitioner_suggest, name="suggest"),
    path("<slug:slug>/contact/", views.practitioner_contact, name="contact"),
    path("<slug:slug>/report/", report_page(Practitioner), name="report"),
]
