"""Markdown that curators write, as HTML that cannot do harm."""

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

_RENDERER = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["table", "replacements", "smartquotes"]
)
# No headings: the page's own outline stays whole. No images: nothing is fetched from elsewhere.
_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "ul",
    "ol",
    "li",
    "a",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
}


def to_html(text):
    """Return safe HTML for Markdown text; an empty string for none."""
    if not text.strip():
        return ""
    html = nh3.clean(
        _RENDERER.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "th": {"scope"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noreferrer",
    )
    return mark_safe(html)  # noqa: S308 nh3 has just cleaned it
