"""What somebody types into a field for a place, where it is no name by itself: 'north Leeds', 'Leeds or Hull'."""

from directory.gazetteer import MOST_CALLED, UNIONS, find_place
from directory.keeping import asking_once
from directory.models.places import Place
from directory.understanding import BIG_PLACE, NOT_NEAR, WIDE_PLACES, Vocabulary, folded, understand
from directory.understanding.placenames import LONGEST_PLACE
from directory.words import plain

# After it stands a place, and no other word.
_SIGN = "near "
_MOST_WORDS = 12


def places_in(text):
    """Return the places of a text, as {what was typed: `Located`}; none where it says more than where."""
    words = plain(text).split()
    if len(words) > _MOST_WORDS:
        return {}
    with asking_once():
        understood = understand(f"{_SIGN}{text}", Vocabulary(entries=(), places=_names_in(words)), find_place)
    parts = [part for part in understood.parts if part.field == "near"]
    is_clear = len(parts) == len(understood.places) and not understood.words
    if not is_clear or any(part.code.startswith(NOT_NEAR) for part in parts):
        return {}
    return {understood.text[part.start : part.end]: place for part, place in zip(parts, understood.places, strict=True)}


def _names_in(words):
    """Return {name: whether it is big} for the names of places that stand in some words."""
    starts = range(len(words))
    runs = {" ".join(words[first:last]) for first in starts for last in range(first + 1, first + 1 + LONGEST_PLACE)}
    # What is no place of the list: 'across the UK'.
    names = dict.fromkeys(UNIONS, False)
    for place in Place.objects.called(*runs)[:MOST_CALLED] if runs else ():
        is_big = (place.population or 0) >= BIG_PLACE or place.kind in WIDE_PLACES
        for name in runs.intersection(place.names):
            names[folded(name)] = is_big or names.get(folded(name), False)
    return names
