"""The learn pages: an index, and a page for each."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casestudies.models import Source
from selfhelp.learn import GLOSSARY, OWN, learn_pages

# A shorter page needs no list of contents.
LONG = 4


@require_safe
def learn(request):
    """Show what there is to learn."""
    return render(request, "selfhelp/learn.html", {"pages": list(learn_pages().values())})


@require_safe
def learn_page(request, slug):
    """Show one page, each part with its sources, and the pages before and after it."""
    pages = learn_pages()
    if slug not in pages:
        raise Http404
    page = pages[slug]
    sources = {source.slug: source for source in Source.objects.all()}
    order = list(pages.values())
    at = order.index(page)
    return render(
        request,
        "selfhelp/learn_page.html",
        {
            "page": page,
            "is_glossary": slug == GLOSSARY,
            "sections": [
                {
                    "slug": section.slug,
                    "title": section.title,
                    "html": section.html,
                    "is_own": OWN in section.sources,
                    "sources": [sources[each] for each in section.sources if each in sources],
                }
                for section in page.sections
            ],
            "sources": [
                source for slug, source in sources.items() if any(slug in section.sources for section in page.sections)
            ],
            "is_long": len(page.sections) >= LONG,
            "previous": order[at - 1] if at else None,
            "next": order[at + 1] if at + 1 < len(order) else None,
        },
    )
