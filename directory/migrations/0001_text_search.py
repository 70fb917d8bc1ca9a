"""The database's own tools: words without accents, likeness of words, and one text search configuration."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

MAKE = """
CREATE TEXT SEARCH CONFIGURATION directory (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION directory
    ALTER MAPPING FOR hword, hword_part, word, asciihword, hword_asciipart, asciiword
    WITH unaccent, english_stem;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGinExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(MAKE, "DROP TEXT SEARCH CONFIGURATION directory;"),
    ]
