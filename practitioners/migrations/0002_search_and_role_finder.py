"""The search table with its SQL functions, the triggers that hold consent, and the rules of the role finder."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

MAKE = r"""
-- The squares of the map that a circle touches: `fine` to a degree, each kind with numbers of its own.
CREATE FUNCTION practitioner_squares(latitude double precision, longitude double precision, km double precision,
                                     fine integer, kind integer) RETURNS SETOF integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
    BEGIN ATOMIC
        SELECT -1 - ((r * 10000 + c) * 3 + kind)
        FROM (SELECT km / 111.195 AS north,
                     km / (111.195 * greatest(0.01, cos(radians(least(90, abs(latitude) + km / 111.195))))) AS east
             ) size,
             generate_series(floor((greatest(-90, latitude - north) + 90) * fine)::integer,
                             floor((least(90, latitude + north) + 90) * fine)::integer) r,
             generate_series(floor((greatest(-180, longitude - east) + 180) * fine)::integer,
                             floor((least(180, longitude + east) + 180) * fine)::integer) c;
    END;

-- Kilometres from a point to the edge of the nearest of several places (haversine, mean radius 6371.0088 km). Inside of
-- one there are only the millimetres that put the middle of a place before its rim.
CREATE FUNCTION practitioner_distance_of_many(latitudes double precision[], longitudes double precision[],
                                              radii double precision[], latitude double precision,
                                              longitude double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT min(greatest(0, d - radius) + d / 1000000)
            FROM (SELECT 2 * 6371.0088 * asin(least(1, sqrt(
                             sin(radians(a - latitude) / 2) ^ 2
                             + cos(radians(latitude)) * cos(radians(a)) * sin(radians(o - longitude) / 2) ^ 2))) AS d,
                         radius
                  FROM unnest(latitudes, longitudes, radii) AS places(a, o, radius)) each);

-- The same. Where there is one place, PostgreSQL puts the formula in the place of the call, which is far quicker.
CREATE FUNCTION practitioner_distance(latitudes double precision[], longitudes double precision[],
                                      radii double precision[], latitude double precision,
                                      longitude double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN cardinality(latitudes) = 1
           THEN greatest(0, search_distance(latitudes, longitudes, latitude, longitude) - radii[1])
                + search_distance(latitudes, longitudes, latitude, longitude) / 1000000
           ELSE practitioner_distance_of_many(latitudes, longitudes, radii, latitude, longitude) END;

-- Consent that is taken back takes effect in the same statement, whatever code did it.
CREATE FUNCTION practitioner_hide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM practitioners_practitionersearch WHERE practitioner_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER practitioner_hide AFTER UPDATE OF state, consent_given_on ON practitioners_practitioner
    FOR EACH ROW WHEN (NEW.state <> 'published' OR NEW.consent_given_on IS NULL) EXECUTE FUNCTION practitioner_hide();

-- The roles that groups receive, for their search: true in the statement that changes them, whatever code it is.
-- As `Support.objects.public().current()` says it; a test compares the two.
CREATE OR REPLACE FUNCTION groups_roles_received() RETURNS TABLE (group_id bigint, role text) LANGUAGE sql STABLE AS $$
    SELECT s.group_id, r.slug::text
    FROM practitioners_support s
    JOIN groups_group g ON g.id = s.group_id
    JOIN practitioners_practitioner p ON p.id = s.practitioner_id
    JOIN directory_supportrole r ON r.id = s.role_id
    WHERE s.proposed_by = '' AND s.group_agrees AND s.practitioner_agrees AND s.ended_on IS NULL
      AND g.state = 'published' AND p.state = 'published' AND p.consent_given_on IS NOT NULL
$$;

CREATE FUNCTION practitioner_support_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM groups_index_received(ARRAY(SELECT DISTINCT group_id FROM touched));
    RETURN NULL;
END $$;
CREATE TRIGGER support_made AFTER INSERT ON practitioners_support REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();
CREATE TRIGGER support_was AFTER UPDATE ON practitioners_support REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();
CREATE TRIGGER support_is AFTER UPDATE ON practitioners_support REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();
CREATE TRIGGER support_ended AFTER DELETE ON practitioners_support REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION practitioner_support_changed();

CREATE FUNCTION practitioner_supports_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM groups_index_received(ARRAY(SELECT DISTINCT group_id FROM practitioners_support
                                        WHERE practitioner_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER practitioner_supports_shown AFTER UPDATE OF state, consent_given_on ON practitioners_practitioner
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state
                       OR (OLD.consent_given_on IS NULL) <> (NEW.consent_given_on IS NULL))
    EXECUTE FUNCTION practitioner_supports_shown();
"""
DROP = """
DROP TRIGGER practitioner_supports_shown ON practitioners_practitioner;
DROP TRIGGER support_made ON practitioners_support;
DROP TRIGGER support_was ON practitioners_support;
DROP TRIGGER support_is ON practitioners_support;
DROP TRIGGER support_ended ON practitioners_support;
DROP FUNCTION practitioner_supports_shown, practitioner_support_changed;
CREATE OR REPLACE FUNCTION groups_roles_received() RETURNS TABLE (group_id bigint, role text) LANGUAGE sql STABLE AS
    $$ SELECT NULL::bigint, NULL::text WHERE false $$;
DROP TRIGGER practitioner_hide ON practitioners_practitioner;
DROP FUNCTION practitioner_hide, practitioner_distance, practitioner_distance_of_many, practitioner_squares;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_search_functions'),
        ('practitioners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FinderQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='slug')),
                ('path', models.CharField(choices=[('group', 'A group'), ('practitioner', 'A practitioner')], max_length=12, verbose_name='who is asked')),
                ('text', models.CharField(help_text='Public.', max_length=200, verbose_name='question')),
                ('hint', models.CharField(blank=True, help_text='Public.', max_length=300, verbose_name='hint')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'question of the role finder',
                'verbose_name_plural': 'role finder: questions',
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('path__in', ['group', 'practitioner'])), name='finderquestion_path_known')],
            },
        ),
        migrations.CreateModel(
            name='FinderAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Stands in addresses. Do not change it.', unique=True, verbose_name='slug')),
                ('text', models.CharField(help_text='Public.', max_length=200, verbose_name='answer')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='practitioners.finderquestion', verbose_name='question')),
            ],
            options={
                'verbose_name': 'answer of the role finder',
                'verbose_name_plural': 'role finder: answers and rules',
                'ordering': ['question__position', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PractitionerSearch',
            fields=[
                ('practitioner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='found_by', serialize=False, to='practitioners.practitioner')),
                ('name', models.CharField(max_length=160)),
                ('quality', models.FloatField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('latitudes', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('longitudes', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('radii', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words', 'codes'], name='practitionersearch_all')],
            },
        ),
        migrations.CreateModel(
            name='FinderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('strength', models.SmallIntegerField(help_text='3 speaks strongly for the role, 1 weakly; below 0 it speaks against it.', validators=[django.core.validators.MinValueValidator(-3), django.core.validators.MaxValueValidator(3)], verbose_name='strength')),
                ('why', models.CharField(help_text='One sentence that the reader sees. Public.', max_length=300, verbose_name='why')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='practitioners.finderanswer', verbose_name='answer')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='finder_rules', to='directory.supportrole', verbose_name='role')),
            ],
            options={
                'verbose_name': 'rule',
                'verbose_name_plural': 'rules',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('answer', 'role'), name='finderrule_once'), models.CheckConstraint(condition=models.Q(('strength__range', (-3, 3)), models.Q(('strength', 0), _negated=True)), name='finderrule_strength_in_range', violation_error_message='The strength is from -3 to 3, and not 0.')],
            },
        ),
        migrations.RunSQL(MAKE, DROP),
    ]
