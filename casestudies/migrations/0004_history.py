"""Case studies, with all their parts, are written into the history."""

from django.db import migrations

from directory.history.triggers import watch


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0003_sent"), ("directory", "0005_history_and_suggestions")]
    operations = [
        watch("casestudies_casestudy", "casestudies_casestudy", "id"),
        watch("casestudies_effect", "casestudies_casestudy", "case_study_id"),
        watch("casestudies_keyfigure", "casestudies_casestudy", "case_study_id"),
        watch("casestudies_visitorquestion", "casestudies_casestudy", "case_study_id"),
        watch("casestudies_roleshown", "casestudies_casestudy", "case_study_id"),
        watch("casestudies_casestudy_topics", "casestudies_casestudy", "casestudy_id"),
        watch("casestudies_casestudy_groups", "casestudies_casestudy", "casestudy_id"),
        watch("casestudies_casestudy_practitioners", "casestudies_casestudy", "casestudy_id"),
        watch("casestudies_casestudy_sources", "casestudies_casestudy", "casestudy_id"),
        watch("casestudies_source", "casestudies_source", "id"),
        watch("casestudies_programme", "casestudies_programme", "id"),
    ]
