"""The words of a search are looked up by a statement that each connection keeps planned."""

from importlib import import_module

from django.db import migrations

MAKE = import_module("groups.migrations.0005_search_terms").MAKE


class Migration(migrations.Migration):
    dependencies = [("groups", "0005_search_terms")]

    operations = [migrations.RunSQL("DROP FUNCTION IF EXISTS search_terms(text[]);", MAKE)]
