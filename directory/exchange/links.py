"""What a listing points at, in one cell: topics, languages, roles, places."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.exchange.cells import BETWEEN, Cell, pieces, unknown
from directory.gazetteer import named_place
from directory.models import Place
from directory.words import plain


class Links(Cell):
    """Things of a short list that a listing points at, by what stands for them in addresses, or by their names."""

    def __init__(self, model, key="slug", name="name"):
        super().__init__(empty=frozenset())
        self.model, self.key, self.name = model, key, name

    @property
    def hint(self):
        """Of what it is a list."""
        what = self.model._meta.verbose_name_plural
        return _("Several: put semicolons between them. Codes or names of: %(what)s.") % {"what": what}

    @cached_property
    def ids(self):
        """The primary keys by what stands for them."""
        return dict(self.model.objects.values_list(self.key, "pk"))

    @cached_property
    def words(self):
        """What stands for each, by all words for it."""
        rows = list(self.model.objects.values_list(self.key, self.name))
        return {plain(name): key for key, name in rows} | {plain(key): key for key, _name in rows}

    def now(self, value):
        """Return what is pointed at."""
        return frozenset() if value is None else frozenset(getattr(each, self.key) for each in value.all())

    def read(self, text):
        """Return what is pointed at, by its key."""
        return frozenset(map(self.find, pieces(text, lambda piece: plain(piece) in self.words)))

    def find(self, word):
        """Return the key of one of them."""
        try:
            return self.words[plain(word)]
        except KeyError:
            raise ValueError(unknown(word, self.words, sorted(self.ids))) from None

    def write(self, value):
        """Return the keys, in order."""
        return BETWEEN.join(sorted(value))


class Places(Links):
    """Places, by name, with their codes behind it where the name alone may not be enough."""

    hint = gettext_lazy("Places: Leeds; Newport, Isle of Wight. Put semicolons between them.")

    def __init__(self):
        super().__init__(Place, key="code")
        self.found = {}
        self.names = {}

    @cached_property
    def ids(self):
        """The primary keys of the places that were found."""
        return {}

    def now(self, value):
        """Return the codes of the places, and keep their names."""
        places = [] if value is None else list(value.all())
        self.names.update({place.code: place.full_name for place in places})
        return frozenset(place.code for place in places)

    def read(self, text):
        """Return the codes of the places."""
        return frozenset(self.find(piece) for piece in pieces(text))

    def find(self, word):
        """Return the code of a place."""
        if word not in self.found:
            code = word.rpartition("[")[2].removesuffix("]") if word.endswith("]") else ""
            place = Place.objects.filter(code=code).first() if code else named_place(word)
            if place is None:
                raise ValueError(_("We do not know the place “%(place)s”. Write a town.") % {"place": word[:60]})
            self.found[word] = place.code
            self.ids[place.code] = place.pk
        return self.found[word]

    def write(self, value):
        """Return the names with their codes."""
        return BETWEEN.join(f"{self.names[code]} [{code}]" for code in sorted(value))
