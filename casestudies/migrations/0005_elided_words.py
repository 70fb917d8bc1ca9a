"""The words of each case study, written anew as `search_vector` cuts them now. Nothing else of it changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0004_history"), ("directory", "0009_elided_words")]
    operations = [migrations.RunSQL("UPDATE casestudies_casestudy SET id = id", migrations.RunSQL.noop)]
