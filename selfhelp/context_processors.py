"""What every template may show."""

from django.conf import settings


def site(request):
    """Return the site's own name and the address of its curators (may be empty)."""
    return {"site_name": settings.SITE_NAME, "contact_email": settings.CONTACT_EMAIL}
