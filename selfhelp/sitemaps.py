"""What search engines may list: published pages only."""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from casestudies.models import CaseStudy
from directory.models import SupportRole, Topic
from groups.models import Group
from practitioners.models import Practitioner
from selfhelp.learn import learn_pages


class PagesSitemap(Sitemap):
    """Pages that stand by themselves."""

    def items(self):
        """Names of the pages."""
        return [
            "home",
            "groups:list",
            "practitioners:list",
            "practitioners:roles",
            "practitioners:role_finder",
            "practitioners:working_together",
            "practitioners:agreement",
            "practitioners:add",
            "casestudies:list",
            "topics",
            "learn",
            "help_now",
            "about",
            "who_may_be_listed",
            "privacy",
            "accessibility",
        ]

    def location(self, item):
        """The page's address."""
        return reverse(item)


class LearnSitemap(Sitemap):
    """The learn pages."""

    def items(self):
        """The pages."""
        return list(learn_pages().values())


class PublishedSitemap(Sitemap):
    """Published listings of one model. Samples are left out: they are fictional."""

    limit = 5000

    def __init__(self, model):
        self.model = model

    def items(self):
        """The listings."""
        return self.model.objects.published().filter(sample=False).order_by("pk")

    # Days only: the moment would tell of a change to what nobody may see.

    def lastmod(self, item):
        """The day of its last change."""
        return timezone.localdate(item.updated_at)

    def get_latest_lastmod(self):
        """The day of the latest change, without reading the listings."""
        latest = self.items().aggregate(latest=Max("updated_at"))["latest"]
        return latest and timezone.localdate(latest)


class AllSitemap(Sitemap):
    """All of a model's rows."""

    def __init__(self, model):
        self.model = model

    def items(self):
        """The rows."""
        return self.model.objects.order_by("pk")


SITEMAPS = {
    "pages": PagesSitemap(),
    "learn": LearnSitemap(),
    "topics": AllSitemap(Topic),
    "roles": AllSitemap(SupportRole),
    "groups": PublishedSitemap(Group),
    "practitioners": PublishedSitemap(Practitioner),
    "case-studies": PublishedSitemap(CaseStudy),
}
