"""Groups, with all their parts, are written into the history."""

from django.db import migrations

from directory.history.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_meeting_help_texts"), ("directory", "0005_history_and_suggestions")]
    operations = [
        watch("groups_group", "groups_group", "id"),
        watch("groups_groupcontact", "groups_group", "group_id"),
        watch("groups_meeting", "groups_group", "group_id"),
        watch("groups_meetingbreak", "groups_group", "meeting_id", "groups_meeting", "group_id"),
        watch("groups_meetingexception", "groups_group", "meeting_id", "groups_meeting", "group_id"),
        watch("groups_group_topics", "groups_group", "group_id"),
        watch("groups_group_languages", "groups_group", "group_id"),
        watch("groups_group_serves", "groups_group", "group_id"),
        watch("groups_group_seeking", "groups_group", "group_id"),
        watch("groups_venue", "groups_venue", "id"),
    ]
