"""Practitioners, with all their parts, are written into the history."""

from django.db import migrations

from directory.history.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("practitioners", "0003_joining"), ("directory", "0005_history_and_suggestions")]
    operations = [
        watch("practitioners_practitioner", "practitioners_practitioner", "id"),
        watch("practitioners_practitionercontact", "practitioners_practitioner", "practitioner_id"),
        watch("practitioners_support", "practitioners_practitioner", "practitioner_id"),
        watch("practitioners_practitioner_roles", "practitioners_practitioner", "practitioner_id"),
        watch("practitioners_practitioner_areas", "practitioners_practitioner", "practitioner_id"),
        watch("practitioners_practitioner_topics", "practitioners_practitioner", "practitioner_id"),
        watch("practitioners_practitioner_places", "practitioners_practitioner", "practitioner_id"),
        watch("practitioners_practitioner_languages", "practitioners_practitioner", "practitioner_id"),
    ]
