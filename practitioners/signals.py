"""Whoever saves a practitioner, by whatever way, their search row is written in the same transaction."""

from django.db.models.signals import m2m_changed, post_save
from django.dispatch import receiver

from directory.history import restored
from directory.models import SupportRole, Topic
from practitioners.indexing import index_practitioners
from practitioners.models import Practitioner


@receiver(post_save, sender=Practitioner)
def practitioner_saved(instance, raw=False, **kwargs):
    """Index a practitioner who was saved."""
    if not raw:
        index_practitioners([instance.pk])


@receiver(m2m_changed, sender=Practitioner.roles.through)
@receiver(m2m_changed, sender=Practitioner.areas.through)
@receiver(m2m_changed, sender=Practitioner.topics.through)
@receiver(m2m_changed, sender=Practitioner.places.through)
@receiver(m2m_changed, sender=Practitioner.languages.through)
def links_changed(instance, action, pk_set, **kwargs):
    """Index a practitioner whose links were changed, from either side."""
    if action in {"post_add", "post_remove", "post_clear"}:
        index_practitioners([instance.pk] if isinstance(instance, Practitioner) else pk_set or [])


@receiver(restored, sender=Practitioner)
def practitioners_restored(ids, **kwargs):
    """Index practitioners whose links went back."""
    index_practitioners(ids)


@receiver(post_save, sender=Topic)
def topic_saved(instance, created, raw=False, **kwargs):
    """Index the practitioners who know a topic whose words were changed."""
    if not created and not raw:
        index_practitioners(Practitioner.objects.about([instance.slug]).values_list("pk", flat=True))


@receiver(post_save, sender=SupportRole)
def role_saved(instance, created, raw=False, **kwargs):
    """Index the practitioners in a role that was renamed."""
    if not created and not raw:
        index_practitioners(instance.practitioners.values_list("pk", flat=True))
