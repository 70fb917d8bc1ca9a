"""Other words for a topic, one at a time."""

from django.utils.translation import gettext as _

from directory.history import recording
from directory.keeping import forget
from directory.models import Topic


def add_synonym(topic, word, *, by):
    """Let a word lead to a topic. Return whether that changed anything."""
    return _set(topic, word, by, leads=True)


def drop_synonym(topic, word, *, by):
    """Let a word lead to a topic no longer. Return whether that changed anything."""
    return _set(topic, word, by, leads=False)


def _set(topic, word, by, *, leads):
    with recording(by=by, why=_("A word that found nothing")):
        # Two who change a topic at once must not lose each other's words.
        topic = Topic.objects.select_for_update().get(pk=topic.pk)
        if (word in topic.synonyms) == leads:
            return False
        topic.synonyms = [*topic.synonyms, word] if leads else [each for each in topic.synonyms if each != word]
        topic.save(update_fields=["synonyms"])
    forget()
    return True
