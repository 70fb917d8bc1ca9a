"""The learn pages: what self-help groups are, self care, partnerships, a glossary. Their words are in data/learn/."""

from dataclasses import dataclass
from functools import cache
from html import unescape

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator

from directory.loading import read_yaml
from directory.markdown import to_html
from selfhelp.texts import Shelf, Text

DATA = settings.BASE_DIR / "selfhelp" / "data" / "learn"
# In `sources` of a section: our own advice, or an explanation of our own.
OWN = "own"
LINE_WORDS = 24
LINE_LETTERS = 40
GLOSSARY = "glossary"


@dataclass(frozen=True)
class Section:
    """One part of a page. `slug` is its place on the page, `sources` are slugs, one of which may be `OWN`."""

    slug: str
    title: str
    sources: tuple
    html: str

    @property
    def text(self):
        """Its words, without markup."""
        return " ".join(unescape(strip_tags(self.html)).split())


@dataclass(frozen=True)
class LearnPage:
    """A page of /learn/."""

    slug: str
    title: str
    description: str
    lead: str
    sections: tuple

    def get_absolute_url(self):
        """The page's address."""
        return reverse("learn_page", args=[self.slug])


@cache
def learn_pages():
    """Return the pages in their order, by slug."""
    pages = {}
    for path in sorted(DATA.glob("*.yaml")):
        page = read_yaml(path)
        sections = tuple(
            Section(each["slug"], each["title"], tuple(each["sources"]), to_html(each["body"]))
            for each in page.pop("sections")
        )
        pages[page["slug"]] = LearnPage(**page, sections=sections)
    return pages


@cache
def learn_texts():
    """Return every part of every page, to be looked up: (page, section)."""
    return Shelf.of(
        [
            Text((page, section), section.title, _above(page), section.text)
            for page in learn_pages().values()
            for section in page.sections
        ]
    )


def _above(page):
    # What a glossary is called says nothing about its words.
    return "" if page.slug == GLOSSARY else f"{page.title} {page.description}"


def _beginning(text):
    """Return how a text begins: its first sentences, or its first words where the first sentence is long."""
    line = Truncator(text).words(LINE_WORDS)
    end = line.rfind(". ") + 1
    return line[:end] if line != text and end > LINE_LETTERS else line


def best_of_each_page(found):
    """Return, of some parts, the best first, the best one of each page, as a list shows it.

    Each has `title`, `url` (of that part) and `line` (how it begins).
    """
    best = {page.slug: section for page, section in reversed(found)}
    return [
        {
            "title": section.title if page.slug == GLOSSARY else f"{page.title} {section.title}",
            "url": f"{page.get_absolute_url()}#{section.slug}",
            "line": _beginning(section.text),
        }
        for page, section in found
        if best[page.slug] is section
    ]
