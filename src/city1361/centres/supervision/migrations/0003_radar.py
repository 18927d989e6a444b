import city1361.base.kernel.ids
import django.contrib.postgres.fields
from django.db import migrations, models

from city1361.base.database.api import run_sql

SIGNS = (
    'near_due_closing', 'bulk_closing', 'day_end_closing', 'month_end_closing', 'instant_closing', 'repeated_photo',
    'copied_text', 'refusal_rise', 'void_rise', 'self_closing_share', 'extension_bunch', 'split_report',
)


class Migration(migrations.Migration):

    dependencies = [
        ('centres_supervision', '0002_body_hash'),
    ]

    operations = [
        migrations.CreateModel(
            name='RadarScan',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                ('at', models.DateTimeField(verbose_name='巡检时间')),
                ('found', models.PositiveIntegerField(verbose_name='迹象数')),
                ('seconds', models.FloatField(verbose_name='用时')),
            ],
            options={'verbose_name': '检查清单巡检', 'verbose_name_plural': '检查清单巡检'},
        ),
        migrations.CreateModel(
            name='RadarFinding',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(verbose_name='日期')),
                ('sign', models.CharField(choices=[(one, one) for one in SIGNS], max_length=24, verbose_name='迹象')),
                ('key', models.CharField(max_length=80, verbose_name='键')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('organisation', models.UUIDField(null=True, verbose_name='单位')),
                ('organisation_name', models.CharField(blank=True, max_length=150, verbose_name='单位名称')),
                ('measured', models.PositiveIntegerField(verbose_name='数量')),
                ('base', models.PositiveIntegerField(verbose_name='基数')),
                ('thresholds', models.JSONField(default=dict, verbose_name='门槛')),
                ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='事件')),
                ('found_at', models.DateTimeField(verbose_name='列入时间')),
                ('looked_at', models.DateTimeField(null=True, verbose_name='查看时间')),
                ('looked_by', models.UUIDField(null=True, verbose_name='查看账号')),
                ('looked_who', models.CharField(blank=True, max_length=80, verbose_name='查看人')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='查看说明')),
            ],
            options={
                'verbose_name': '检查清单',
                'verbose_name_plural': '检查清单',
                'indexes': [
                    models.Index(fields=['district_id', '-day'], name='radar_district'),
                    models.Index(fields=['town_id', '-day'], name='radar_town'),
                ],
                'constraints': [models.UniqueConstraint(fields=('day', 'sign', 'key'), name='radar_listed_once')],
            },
        ),
        run_sql("city1361.centres.supervision", "radar_security.sql"),
    ]
