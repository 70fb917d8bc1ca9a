"""Words of searches that found nothing: which are counted, so that a curator can lead them to a topic, and which never.

Kept is a word and how often on which day. A visit says something about somebody's health: so nothing says who searched,
no two words of one search are kept, and no word that may be a name or a place.
"""

import logging
import re
import secrets
from collections import Counter
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from directory.crisis import crisis_in
from directory.models import Topic
from directory.models.unmatched import ONE_WORD
from directory.names import may_be_a_name
from directory.networks import network_of
from directory.words import plain
from groups.models import SearchWord
from groups.vocabulary import vocabulary

logger = logging.getLogger(__name__)

# A longer search tells a story.
MOST_WORDS = 8
# A robot shall fill no table: so many words that are new on a day, and so many in a day from one network.
MOST_NEW_A_DAY = 1000
MOST_FROM_A_NETWORK, MOST_NETWORKS = 20, 50_000
MARKS = ".,;:!?()[]\"'“”‘’«»…"
# Whoever stands after one of these has a name.
_TITLES = """mr mrs ms miss mx dr doctor prof professor sir dame lord lady rev reverend father sister brother nurse
    judge called named name saint"""
BEFORE_A_NAME = frozenset(_TITLES.split())
_kept = {}


def note_unmatched(request, filterset):
    """Count the word of this search that nothing knows, if there is one that may be kept. It takes one statement."""
    if not settings.KEEP_SEARCHED_WORDS or request.method != "GET" or _is_ahead_of_time(request):
        return
    # A further page, and a search 'as typed', are the same search again.
    if "page" in request.GET or "spelling" in filterset.asked:
        return
    word = unmatched_word(filterset.asked.get("q", ""), filterset.reading)
    if word is None or not _heard.is_new(word, network_of(request)):
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"word": word, "day": timezone.localdate(), "most": MOST_NEW_A_DAY})
    except DatabaseError as error:
        # The answer to the search is what counts.
        logger.warning("A word that found nothing was not counted: %s.", type(error).__name__)


def unmatched_word(text, reading):
    """Return the one word of a search that no group holds and that may be kept, or `None`."""
    typed = text.split()
    if not typed or len(typed) > MOST_WORDS or "@" in text or "//" in text or crisis_in(text):
        return None
    left = {word: each.strip(MARKS) for each in reading.understood.words.split() for word in plain(each).split()}
    unknown = [term.word for term in reading.terms if not term.groups and term.word in left]
    # Two words that nobody knows are most often a name.
    if len(unknown) != 1:
        return None
    [word] = unknown
    as_typed = left[word]
    if not (as_typed.islower() and plain(as_typed) == word and re.fullmatch(ONE_WORD, word)):
        return None
    before = [one for each in typed for one in plain(each).split()]
    # What was typed together with a part that is no word is not what was typed: "l'anxiaty".
    if word not in before:
        return None
    at = before.index(word)
    if BEFORE_A_NAME & set(before[max(0, at - 2) : at]) or may_be_a_name(word):
        return None
    # Without a list of places, any word may be one.
    places = _words_of_places()
    return word if places and word not in places else None


def with_findings(words):
    """Return words with `finds`: whether a topic has it as another word by now, or a group's page holds it."""
    topics = Topic.objects.filter(synonyms__contains=[OuterRef("word")])
    held = SearchWord.objects.filter(word=OuterRef("word"), groups__gt=0)
    return words.annotate(finds=Exists(topics) | Exists(held))


def still_unmatched(words):
    """Return the words that find nothing to this day and may be of use."""
    return with_findings(words).left_open().filter(finds=False)


def _is_ahead_of_time(request):
    """Whether a browser only asks because the reader might."""
    said = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return "prefetch" in said.casefold() or "prerender" in said.casefold()


def _words_of_places():
    """Return each word of each place's name; they are as old as the vocabulary is."""
    places = vocabulary().places
    if _kept.get("places") is not places:
        _kept.update(places=places, words=frozenset(word for name in places for word in name.split()))
    return _kept["words"]


class _Heard:
    """What this process heard today, in its memory only, so that a network is counted once a day for each word.

    Networks and words stand there as hashes with a key of today that nobody knows, and nowhere else.
    """

    def __init__(self):
        self._lock = Lock()
        self.forget()

    def forget(self):
        """Begin anew."""
        self._day, self._key, self._said, self._networks = None, "", set(), Counter()

    def is_new(self, word, network):
        """Whether a word was not heard from this network today, and not too many others were."""
        today = timezone.localdate()
        with self._lock:
            if self._day != today:
                self.forget()
                self._day, self._key = today, secrets.token_hex()
            who, said = hash((self._key, network)), hash((self._key, network, word))
            if said in self._said or self._networks[who] >= MOST_FROM_A_NETWORK:
                return False
            if len(self._networks) >= MOST_NETWORKS and who not in self._networks:
                return False
            self._said.add(said)
            self._networks[who] += 1
            return True


_heard = _Heard()


def forget():
    """Forget what this process heard."""
    _heard.forget()


# A word that stands in a group, a topic or a town has not found nothing: it was understood in another way.
_COUNT = """
WITH counted AS (
    INSERT INTO directory_unmatchedword (word)
    SELECT %(word)s
    WHERE NOT EXISTS (SELECT FROM groups_searchword WHERE word = %(word)s)
      AND NOT EXISTS (SELECT FROM groups_searchword
                      WHERE stem = (tsvector_to_array(to_tsvector('directory', %(word)s)))[1])
      AND (EXISTS (SELECT FROM directory_unmatchedword WHERE word = %(word)s)
           OR (SELECT count(*) FROM directory_unmatchedwordday WHERE day = %(day)s) < %(most)s)
    ON CONFLICT (word) DO UPDATE SET word = excluded.word WHERE directory_unmatchedword.hidden_on IS NULL
    RETURNING id
)
INSERT INTO directory_unmatchedwordday (word_id, day, times) SELECT id, %(day)s, 1 FROM counted
ON CONFLICT (word_id, day) DO UPDATE SET times = directory_unmatchedwordday.times + 1
"""
