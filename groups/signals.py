"""Whoever saves a group, a meeting or a venue, by whatever way, its search rows are written in the same transaction."""

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from directory.history import restored
from directory.models import Topic
from groups.indexing import index_groups
from groups.models import Group, Meeting, Venue


@receiver([post_save], sender=Group)
def group_saved(instance, raw=False, **kwargs):
    """Index a group that was saved."""
    if not raw:
        index_groups([instance.pk])


@receiver([post_save, post_delete], sender=Meeting)
def meeting_changed(instance, raw=False, origin=None, **kwargs):
    """Index the group of a meeting that was saved or deleted, unless the group itself is being deleted."""
    goes_with_its_group = getattr(origin, "model", type(origin)) is Group
    if not raw and not goes_with_its_group:
        index_groups([instance.group_id])


@receiver([post_save], sender=Venue)
def venue_saved(instance, created, raw=False, **kwargs):
    """Index the groups that meet in a venue that was changed."""
    if not created and not raw:
        index_groups(Meeting.objects.filter(venue=instance).values_list("group", flat=True))


@receiver(m2m_changed, sender=Group.topics.through)
@receiver(m2m_changed, sender=Group.languages.through)
@receiver(m2m_changed, sender=Group.serves.through)
@receiver(m2m_changed, sender=Group.seeking.through)
def links_changed(instance, action, pk_set, **kwargs):
    """Index a group whose topics, languages, places or roles sought were changed, from either side."""
    if action in {"post_add", "post_remove", "post_clear"}:
        index_groups([instance.pk] if isinstance(instance, Group) else pk_set or [])


@receiver(restored, sender=Group)
def groups_restored(ids, **kwargs):
    """Work out anew what follows from the parts of groups that went back."""
    for meeting in Meeting.objects.filter(group__in=ids):
        meeting.save()
    index_groups(ids)


@receiver(post_save, sender=Topic)
def topic_saved(instance, created, raw=False, **kwargs):
    """Index the groups about a topic whose words were changed."""
    if not created and not raw:
        index_groups(Group.objects.about([instance.slug]).values_list("pk", flat=True))
