"""What practitioners need to look after their own page, and the letters on groups that look for support."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_relay_and_former_addresses'),
        ('groups', '0002_meeting_help_texts'),
        ('practitioners', '0002_search_and_role_finder'),
    ]

    operations = [
        migrations.AddField(
            model_name='practitioner',
            name='own_email',
            field=models.EmailField(blank=True, help_text='They get a link there with which they change their page or take it away. Never shown.', max_length=254, verbose_name='address of their own'),
        ),
        migrations.AddField(
            model_name='practitioner',
            name='proposed',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='new words'),
        ),
        migrations.CreateModel(
            name='DigestSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='email')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed at')),
                ('sent_on', models.DateField(editable=False, null=True, verbose_name='last letter on')),
                ('told_until', models.DateTimeField(editable=False, null=True, verbose_name='told until')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.place', verbose_name='near')),
                ('roles', models.ManyToManyField(help_text='None: all of them.', related_name='+', to='directory.supportrole', verbose_name='support roles')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('confirmed_at__isnull', False)), name='digest_once'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('told_until__isnull', False)), models.Q(('confirmed_at', None), ('sent_on', None), ('told_until', None)), _connector='OR'), name='digest_only_once_confirmed')],
            },
        ),
        migrations.CreateModel(
            name='SoughtRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_seen_at', models.DateTimeField(db_index=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='groups.group')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.supportrole')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'role'), name='soughtrole_once')],
            },
        ),
    ]
