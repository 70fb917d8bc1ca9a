"""Pages that stand by themselves."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casestudies.models import Source
from directory.choices import Nation
from directory.models import HelpLine
from directory.models.unmatched import KEPT_FOR, LEAST_DAYS, LEAST_TIMES


@require_safe
def about(request):
    """Say who stands behind the site and where its facts come from."""
    return render(request, "selfhelp/about.html", {"sources": list(Source.objects.all())})


@require_safe
def who_may_be_listed(request):
    """Say what is listed and what is refused, what consent means, and how to be taken off."""
    return render(request, "selfhelp/who_may_be_listed.html")


@require_safe
def privacy(request):
    """Say what the site keeps, which is next to nothing."""
    context = {
        "keeps_words": settings.KEEP_SEARCHED_WORDS,
        "least_times": LEAST_TIMES,
        "least_days": LEAST_DAYS,
        "kept_days": KEPT_FOR.days,
    }
    return render(request, "selfhelp/privacy.html", context)


@require_safe
def accessibility(request):
    """Say how accessible the site is, and what is not tested yet."""
    return render(request, "selfhelp/accessibility.html")


@require_safe
def help_now(request):
    """Show the help lines, emergency first, then by nation."""
    lines = list(HelpLine.objects.active())
    others = [line for line in lines if not line.emergency]
    shown = [Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND, Nation.IRELAND, Nation.FRANCE]
    return render(
        request,
        "selfhelp/help_now.html",
        {
            "lines_emergency": [line for line in lines if line.emergency],
            "lines": others,
            "nations": [
                {
                    "code": nation.value,
                    "name": nation.label,
                    "lines": [line for line in others if nation in line.countries],
                }
                for nation in shown
            ],
        },
    )


@require_safe
def favicon(request):
    """Send browsers that ask for the old address to the drawn sign."""
    return redirect(static("img/favicon.svg"))


@require_safe
def robots(request):
    """Tell search engines where they may look."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /first-curator/",
        "",
        f"Sitemap: {_absolute(request, 'sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request):
    """Tell where to report a weakness (RFC 9116)."""
    address = settings.CONTACT_EMAIL
    contact = f"mailto:{address}" if address else _absolute(request, "about")
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {_absolute(request, 'security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _absolute(request, name):
    return request.build_absolute_uri(reverse(name))
