"""Listings by their public address, and by the addresses that they had before."""

from functools import wraps

from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from directory.history import is_erased
from directory.models import FormerAddress, Mergeable, SafetyReport


def at_its_address(model):
    """Give a view the published listing of `model` at this slug, or send the reader to where it is now."""

    def decorate(view):
        @wraps(view)
        def found(request, slug, **others):
            listing = model.objects.published().filter(slug=slug).first()
            if listing:
                return view(request, listing, **others)
            if _is_held(model, slug):
                return closed_for_now(request)
            now = _moved_to(model, slug)
            if now is None:
                if is_erased(model, slug):
                    return render(request, "410.html", status=410)
                raise Http404
            page, query = request.resolver_match, request.META.get("QUERY_STRING")
            address = reverse(page.view_name, kwargs=page.captured_kwargs | {"slug": now})
            address += f"?{query}" if query else ""
            return redirect(address, permanent=True, preserve_request=request.method == "POST")

        return found

    return decorate


def _is_held(model, slug):
    held = model.objects.pending().filter(slug=slug).first()
    return held is not None and SafetyReport.objects.holding(held).exists()


def closed_for_now(request):
    """Return the page of a listing that is hidden while curators look at a safety concern. It does not say why."""
    # Not 503: search engines would go on showing their copy.
    response = render(request, "closed.html", status=404)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def _moved_to(model, slug):
    former = FormerAddress.objects.of(model).filter(slug=slug)
    moved = Q(pk__in=former.values("object_id"))
    if issubclass(model, Mergeable):
        moved |= Q(merged_here__slug=slug) | Q(merged_here__pk__in=former.values("object_id"))
    return model.objects.published().filter(moved).values_list("slug", flat=True).first()
