"""All public addresses. They are a contract: an address once public answers for ever."""

from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path

from directory.suggesting.pages import receipt
from groups.views import shortlist
from selfhelp import views
from selfhelp.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("complete/", views.complete, name="complete"),
    path("groups/", include("groups.urls")),
    path("shortlist/", shortlist, name="shortlist"),
    path("practitioners/", include("practitioners.urls")),
    path("case-studies/", include("casestudies.urls")),
    path("receipts/<uuid:token>/", receipt, name="receipt"),
    path("topics/", views.topic_list, name="topics"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic"),
    path("learn/", views.learn, name="learn"),
    path("learn/<slug:slug>/", views.learn_page, name="learn_page"),
    path("help-now/", views.help_now, name="help_now"),
    path("about/", views.about, name="about"),
    path("who-may-be-listed/", views.who_may_be_listed, name="who_may_be_listed"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("first-curator/<str:token>/", views.first_curator, name="first_curator"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
