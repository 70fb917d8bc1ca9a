from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_elided_words"),
    ]

    operations = [
        # Until the file is loaded again, which holds the countries: the next `load_directory` does so.
        migrations.AddField(
            model_name="postcodesector",
            name="country",
            field=models.CharField(
                choices=[
                    ("ENG", "England"),
                    ("SCT", "Scotland"),
                    ("WLS", "Wales"),
                    ("NIR", "Northern Ireland"),
                    ("IE", "Ireland"),
                    ("FR", "France"),
                    ("IM", "Isle of Man"),
                    ("JE", "Jersey"),
                    ("GG", "Guernsey"),
                ],
                default="ENG",
                max_length=3,
                verbose_name="country",
            ),
            preserve_default=False,
        ),
    ]
