import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import prioritization.grade_scale
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('cycles', '0001_initial'),
        ('surveys', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.PositiveBigIntegerField(default=0)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('erasures', models.PositiveBigIntegerField(default=0)),
                ('n_responses', models.PositiveBigIntegerField(default=0)),
                ('last_response_id', models.PositiveBigIntegerField(default=0)),
                ('dimensions', models.JSONField(default=list)),
                ('wave', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='digest', to='surveys.wave')),
            ],
        ),
        migrations.CreateModel(
            name='FormerTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('segment_name', models.CharField(blank=True, max_length=200)),
                ('segment_value', models.CharField(blank=True, max_length=200)),
                ('smallest_change', models.DecimalField(decimal_places=2, help_text='Points of satisfaction.', max_digits=3, validators=[django.core.validators.MinValueValidator(Decimal('0.05'))], verbose_name='smallest change worth detecting')),
                ('fixed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('reason', models.TextField(blank=True, max_length=500, verbose_name='reason')),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_targets', to='cycles.action')),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.wave', verbose_name='baseline wave')),
                ('fixed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('moments', models.ManyToManyField(related_name='+', to='cycles.moment', verbose_name='target moments')),
            ],
            options={
                'ordering': ['-replaced_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Matrix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n_responses', models.PositiveBigIntegerField(default=0)),
                ('last_response_id', models.PositiveBigIntegerField(default=0)),
                ('result', models.JSONField(default=dict)),
                ('computed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('wave', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='matrix', to='surveys.wave')),
            ],
        ),
        migrations.CreateModel(
            name='QuotedComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chosen_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('chosen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('response', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='quoted', to='surveys.response')),
            ],
            options={
                'ordering': ['chosen_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pdf', 'Document (PDF)'), ('slides', 'Slides (PowerPoint)'), ('sheet', 'Spreadsheet (Excel)')], default='pdf', max_length=12, verbose_name='format')),
                ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], max_length=5, verbose_name='language')),
                ('choice', models.JSONField(blank=True, default=dict)),
                ('day', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(28)], verbose_name='day of the month')),
                ('with_file', models.BooleanField(default=False, verbose_name='with the file attached')),
                ('last_month', models.DateField(editable=False, null=True)),
                ('paused_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_schedules', to='cycles.cycle')),
                ('recipients', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 28)), name='report_schedule_day')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], max_length=5)),
                ('kind', models.CharField(choices=[('pdf', 'Document (PDF)'), ('slides', 'Slides (PowerPoint)'), ('sheet', 'Spreadsheet (Excel)')], default='pdf', max_length=12)),
                ('choice', models.JSONField(blank=True, default=dict)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('fingerprint', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being made'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], default='queued', max_length=12)),
                ('stage', models.PositiveSmallIntegerField(default=0)),
                ('stages', models.PositiveSmallIntegerField(default=4)),
                ('claim', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('file', models.FileField(blank=True, upload_to='reports/%Y/%m/')),
                ('size', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='cycles.cycle')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('wave', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.wave')),
                ('schedule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='prioritization.reportschedule')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done'])), fields=('cycle', 'language', 'kind', 'fingerprint'), name='report_once_a_fingerprint'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'cancelled', 'expired'])), name='report_state_known')],
            },
        ),
        migrations.CreateModel(
            name='SaidPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('intro', models.TextField(blank=True, max_length=600, verbose_name='words at the top')),
                ('nonce', models.BinaryField()),
                ('key_version', models.PositiveSmallIntegerField(default=0)),
                ('published_at', models.DateTimeField(editable=False, null=True)),
                ('views', models.PositiveIntegerField(default=0, editable=False)),
                ('cycle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='said_page', to='cycles.cycle')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SaidQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='cycles.action')),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.response')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('action', 'response'), name='said_quote_once_an_action')],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='for whom')),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('views', models.PositiveIntegerField(default=0, editable=False)),
                ('downloads', models.PositiveIntegerField(default=0, editable=False)),
                ('last_viewed_at', models.DateTimeField(editable=False, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='prioritization.report')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('filters', models.JSONField(default=list)),
                ('board', models.JSONField(default=dict)),
                ('fingerprint', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='cycles.cycle')),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('wave', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='surveys.wave')),
            ],
            options={
                'ordering': ['-frozen_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('cycle', 'fingerprint'), name='snapshot_once_a_fingerprint')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('segment_name', models.CharField(blank=True, max_length=200)),
                ('segment_value', models.CharField(blank=True, max_length=200)),
                ('smallest_change', models.DecimalField(decimal_places=2, help_text='Points of satisfaction.', max_digits=3, validators=[django.core.validators.MinValueValidator(Decimal('0.05'))], verbose_name='smallest change worth detecting')),
                ('fixed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('reason', models.TextField(blank=True, max_length=500, verbose_name='reason')),
                ('action', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='target', to='cycles.action')),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.wave', verbose_name='baseline wave')),
                ('fixed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('moments', models.ManyToManyField(related_name='+', to='cycles.moment', verbose_name='target moments')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('smallest_change__gt', 0)), name='target_change_above_0')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('n_responses', models.PositiveSmallIntegerField()),
                ('first_day', models.IntegerField()),
                ('last_day', models.IntegerField()),
                ('planes', models.BinaryField()),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.wave')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('wave', 'number'), name='block_once')],
            },
        ),
        migrations.CreateModel(
            name='Cube',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(blank=True)),
                ('value', models.TextField(blank=True)),
                ('month', models.IntegerField()),
                ('n_responses', models.PositiveBigIntegerField()),
                ('counts', models.BinaryField()),
                ('products', models.BinaryField()),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.wave')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('wave', 'name', 'value', 'month'), name='cube_once')],
            },
        ),
        migrations.CreateModel(
            name='GradeScale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('letters', 'Letters, A to E'), ('tens', 'Numbers, 10 to 1')], default='letters', max_length=8)),
                ('letters', models.JSONField(default=prioritization.grade_scale.usual_letters)),
                ('tens', models.JSONField(default=prioritization.grade_scale.usual_tens)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.client')),
                ('cycle', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grade_scale', to='cycles.cycle')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('cycle__isnull', True)), fields=('client',), name='grade_scale_once_a_client'), models.CheckConstraint(condition=models.Q(('scheme__in', ['letters', 'tens'])), name='grade_scale_scheme_known')],
            },
        ),
        migrations.CreateModel(
            name='RatingsImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('table', models.BinaryField()),
                ('choices', models.JSONField(default=dict)),
                ('summary', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('reading', 'Being read'), ('refused', 'Cannot be read'), ('mapping', 'To be described'), ('queued', 'Waiting'), ('running', 'Being imported'), ('done', 'Imported'), ('failed', 'Failed')], default='mapping', max_length=12)),
                ('stage', models.PositiveSmallIntegerField(default=0)),
                ('claim', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings_imports', to='cycles.cycle')),
                ('moments', models.ManyToManyField(related_name='+', to='cycles.moment')),
                ('survey', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='surveys.survey')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('cycle', 'fingerprint'), name='ratings_import_once_a_file'), models.CheckConstraint(condition=models.Q(('state__in', ['reading', 'refused', 'mapping', 'queued', 'running', 'done', 'failed'])), name='ratings_import_state_known')],
            },
        ),
        migrations.CreateModel(
            name='ReportMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occasion', models.CharField(blank=True, max_length=7)),
                ('with_file', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('sent', 'Sent'), ('dropped', 'Dropped'), ('doubtful', 'Doubtful')], default='waiting', max_length=8)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='prioritization.report')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='report_mail_waiting')],
                'constraints': [models.UniqueConstraint(fields=('report', 'person', 'occasion'), name='report_mail_once_an_occasion'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'dropped', 'doubtful'])), name='report_mail_state_known')],
            },
        ),
        migrations.CreateModel(
            name='ReportPreset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('for_all', models.BooleanField(default=False, verbose_name='for all clients of the workspace')),
                ('choice', models.JSONField(default=dict)),
                ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], max_length=5, verbose_name='language')),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_presets', to='accounts.client')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('client'), django.db.models.functions.text.Lower('name'), condition=models.Q(('deleted_at__isnull', True)), name='report_preset_name_once_a_client')],
            },
        ),
    ]
