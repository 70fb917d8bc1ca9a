"""Forms in tests, sent as a browser would send them."""

from html.parser import HTMLParser


def filled(response):
    """Return what a browser would send for the forms on a page, as they stand, without pressing a button."""
    reader = _Fields()
    reader.feed(response.content.decode())
    return reader.data


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.data = {}
        self.select = None
        self.textarea = None

    def handle_starttag(self, tag, attrs):
        field = dict(attrs)
        name, value = field.get("name"), field.get("value", "")
        if tag == "select":
            self.select = field
            self.first_option = None
        elif tag == "option" and self.select:
            if self.first_option is None:
                self.first_option = value
            if "selected" in field:
                self._add(self.select["name"], value)
        elif tag == "textarea":
            self.textarea = name
            self.data[name] = ""
        elif tag == "input" and name and field["type"] not in {"submit", "file"}:
            if field["type"] not in {"checkbox", "radio"}:
                self._add(name, value)
            elif "checked" in field:
                self._add(name, value or "on")

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            if "multiple" not in self.select and self.first_option is not None:
                self.data.setdefault(self.select.get("name"), [self.first_option])
            self.select = None
        elif tag == "textarea":
            # A browser drops the line break that follows the tag.
            self.data[self.textarea] = self.data[self.textarea].removeprefix("\r").removeprefix("\n")
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea] += data

    def _add(self, name, value):
        self.data.setdefault(name, []).append(value)
