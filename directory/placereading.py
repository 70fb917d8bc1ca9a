"""What somebody types into a field for a place, where it is no name by itself: 'north Leeds', 'Leeds or Hull'."""

from directory.gazetteer import UNIONS, expect, find_place, places_called
from directory.keeping import asking_once
from directory.understanding import NOT_NEAR, Vocabulary, folded, is_big_place, understand
from directory.understanding.placenames import runs_of
from directory.words import plain

# After it stands a place, and no other word.
_SIGN = "near "
_MOST_WORDS = 12


def expect_places_in(text):
    """Have the names that a text may hold looked up together with the first that is asked for."""
    words = plain(text).split()
    if len(words) <= _MOST_WORDS:
        expect(runs_of(words))


def places_in(text):
    """Return the places of a text, as {what was typed: `Located`}; none where it says more than where.

    A single word is a place by itself or none.
    """
    words = plain(text).split()
    if not 1 < len(words) <= _MOST_WORDS:
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
    # What is no place of the list: 'across the UK'.
    names, runs = dict.fromkeys(UNIONS, False), runs_of(words)
    expect(runs)
    for run in runs:
        for place in places_called(run):
            is_big = is_big_place(place.kind, place.population)
            names[folded(run)] = is_big or names.get(folded(run), False)
    return names
