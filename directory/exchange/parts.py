"""The parts of something in one cell, one a line, such as the ways to get in touch with a group."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.exchange.basics import tidy
from directory.exchange.cells import UNSAID, Cell

BAR = " | "
_ESCAPED = {"\\": "\\\\", "|": "\\|", "\n": "\\n"}
_PIECE = re.compile(r"((?:[^\\|]|\\.?)*)(?:\||$)")


class Parts(Cell):
    """Rows of a model that belong to a listing: one a line, with bars between their columns.

    `columns` maps the model's columns to cells, `key` are those by which a row stays the same one. `ordered` rows have
    a position; others stand in the order of their texts. With `cleans`, the model's own check is asked too.
    """

    def __init__(self, model, owner, columns, *, key, ordered=False, cleans=True):
        super().__init__(empty=())
        self.model, self.owner, self.columns, self.key = model, owner, columns, key
        self.ordered, self.cleans = ordered, cleans

    @property
    def hint(self):
        """The columns of a line."""
        names = BAR.join(str(self.model._meta.get_field(name).verbose_name) for name in self.columns)
        return _("One a line (Alt and Enter make a new line in a cell), with bars: %(columns)s") % {"columns": names}

    def now(self, value):
        """Return the parts as tuples of values, in order."""
        return self._in_order([] if value is None else [self.values_of(part) for part in value.all()])

    def values_of(self, part):
        """Return the values of one part."""
        return tuple(cell.now(getattr(part, name)) for name, cell in self.columns.items())

    def _in_order(self, rows):
        return tuple(rows if self.ordered else sorted(rows, key=self._line))

    def read(self, text):
        """Return the parts that the lines say."""
        lines = [line for line in text.split("\n") if line.strip()]
        return self._in_order([self._part(number, line) for number, line in enumerate(lines, start=1)])

    def _part(self, number, line):
        texts = [_plain(piece) for piece in _PIECE.findall(line)]
        while len(texts) > len(self.columns) and not texts[-1]:
            texts.pop()
        if len(texts) > len(self.columns):
            raise ValueError(
                _("Line %(n)d has more than %(most)d parts. Write \\| for a bar that is part of the text.")
                % {"n": number, "most": len(self.columns)}
            )
        texts += [""] * (len(self.columns) - len(texts))
        values = []
        for (name, cell), text in zip(self.columns.items(), texts, strict=True):
            field = self.model._meta.get_field(name)
            try:
                value = cell.clean(text)
                if value is UNSAID and not field.has_default():
                    raise ValueError(_("Fill this in."))
            except ValueError as error:
                told = {"n": number, "name": field.verbose_name, "why": error}
                raise ValueError(_("Line %(n)d, %(name)s: %(why)s") % told) from None
            values.append(field.get_default() if value is UNSAID else value)
        return tuple(values)

    def write(self, value):
        """Return the lines."""
        return "\n".join(map(self._line, value))

    def _line(self, values):
        texts = [cell.render(value) for cell, value in zip(self.columns.values(), values, strict=True)]
        while texts and not texts[-1]:
            texts.pop()
        return BAR.join(re.sub(r"[\\|\n]", lambda found: _ESCAPED[found[0]], text) for text in texts)

    def build(self, owner, values, position=0):
        """Return an unsaved part of `owner`."""
        part = self.model(**{self.owner: owner})
        for (name, cell), value in zip(self.columns.items(), values, strict=True):
            field = self.model._meta.get_field(name)
            setattr(part, field.attname, cell.ids[value] if field.is_relation else value)
        if self.ordered:
            part.position = position
        return part

    def key_of(self, values):
        """Return what makes a part the same one."""
        return tuple(value for name, value in zip(self.columns, values, strict=True) if name in self.key)

    def check(self, owner, rows):
        """Raise `ValidationError` for parts that the forms of the admin would refuse."""
        wrong = []
        for number, values in enumerate(rows, start=1):
            part = self.build(owner, values)
            relations = [field.name for field in self.model._meta.fields if field.is_relation]
            try:
                part.clean_fields(exclude=relations)
                if self.cleans:
                    part.clean()
            except ValidationError as error:
                wrong += [_("Line %(n)d: %(why)s") % {"n": number, "why": why} for why in error.messages]
        if wrong:
            raise ValidationError(wrong)


class One(Cell):
    """One thing that a part points at, by its slug."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.ids = {}

    @property
    def hint(self):
        """What it points at."""
        return _("The address (slug) of a %(what)s.") % {"what": self.model._meta.verbose_name}

    def now(self, value):
        """Return the slug."""
        return None if value is None else value.slug

    def read(self, text):
        """Return the slug of something that is there."""
        if text not in self.ids:
            self.expect([text])
        if text not in self.ids:
            raise ValueError(
                _("There is no %(what)s with the address “%(text)s”. Import it first, or put the address right.")
                % {"what": self.model._meta.verbose_name, "text": text[:60]}
            )
        return text

    def expect(self, slugs):
        """Look several up at once."""
        self.ids.update(self.model.objects.filter(slug__in=slugs).values_list("slug", "pk"))


def _plain(piece):
    return tidy(re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], piece.strip()))
