"""The network that a visitor comes from, as coarse as a limit needs it."""

from ipaddress import ip_address, ip_network

from django.conf import settings

# A house or a firm, and never one person: what a provider gives out together.
PREFIX = {4: 24, 6: 48}


def network_of(request):
    """Return the visitor's network, or 'unknown'. Behind a proxy, only what the proxy itself added counts."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network((int(ip), PREFIX[ip.version]), strict=False))
