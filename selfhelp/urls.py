"""All public addresses. They are a contract: an address once public answers for ever."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
