"""Counts, what waits to be added to them, closed periods, checks; the triggers that feed them."""

import city1361.base.kernel.ids
import django.db.models.functions.datetime
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('centres_execution', '0008_counted'),
        ('centres_supervision', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CounterCheck',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='核对时间')),
                ('compared', models.BigIntegerField(verbose_name='核对数')),
                ('differing', models.BigIntegerField(verbose_name='不一致数')),
                ('differences', models.JSONField(default=list, verbose_name='不一致项')),
                ('seconds', models.FloatField(verbose_name='用时')),
            ],
            options={
                'verbose_name': '计数核对',
                'verbose_name_plural': '计数核对',
            },
        ),
        migrations.CreateModel(
            name='MatterDelta',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                ('sign', models.SmallIntegerField(verbose_name='正负')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('type_id', models.CharField(max_length=32, verbose_name='类型')),
                ('state', models.CharField(max_length=20, verbose_name='状态')),
                ('result', models.CharField(max_length=12, verbose_name='办结结果')),
                ('reported_at', models.DateTimeField(verbose_name='上报时间')),
                ('total_due_at', models.DateTimeField(verbose_name='总时限')),
                ('due_before_extension', models.DateTimeField(null=True, verbose_name='延期前总时限')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('shelved', models.BooleanField(verbose_name='在库挂账')),
                ('reworked', models.BooleanField(verbose_name='返工')),
                ('self_closed', models.BooleanField(verbose_name='自报自结')),
            ],
            options={
                'verbose_name': '事件计数增量',
                'verbose_name_plural': '事件计数增量',
            },
        ),
        migrations.CreateModel(
            name='VisitDelta',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='时间')),
                ('sign', models.SmallIntegerField(verbose_name='正负')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('closed_at', models.DateTimeField(verbose_name='办结时间')),
                ('contacted', models.BooleanField(verbose_name='联系过')),
                ('solved', models.BooleanField(verbose_name='已解决')),
                ('satisfied', models.BooleanField(verbose_name='满意')),
                ('unreasonable', models.BooleanField(verbose_name='不合理诉求')),
            ],
            options={
                'verbose_name': '回访计数增量',
                'verbose_name_plural': '回访计数增量',
            },
        ),
        migrations.CreateModel(
            name='ClosedPeriod',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('area_id', models.UUIDField(verbose_name='区域')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('kind', models.CharField(choices=[('day', 'day'), ('week', 'week'), ('month', 'month')], max_length=8, verbose_name='统计期')),
                ('first', models.DateField(verbose_name='首日')),
                ('counts', models.JSONField(verbose_name='计数')),
                ('stock', models.JSONField(verbose_name='存量')),
                ('at', models.DateTimeField(verbose_name='封存时间')),
            ],
            options={
                'verbose_name': '统计期封存',
                'verbose_name_plural': '统计期封存',
                'constraints': [models.UniqueConstraint(fields=('area_id', 'kind', 'first'), name='period_closed_once')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('pk', models.CompositePrimaryKey('area_id', 'type', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('area_id', models.UUIDField(verbose_name='区域')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('type', models.CharField(blank=True, max_length=32, verbose_name='类型')),
                ('day', models.DateField(verbose_name='日期')),
                ('reported', models.IntegerField(null=True, verbose_name='上报')),
                ('filed', models.IntegerField(null=True, verbose_name='立案')),
                ('refused', models.IntegerField(null=True, verbose_name='不予受理')),
                ('merged', models.IntegerField(null=True, verbose_name='并案')),
                ('voided', models.IntegerField(null=True, verbose_name='作废')),
                ('due', models.IntegerField(null=True, verbose_name='应结案')),
                ('voided_of_due', models.IntegerField(null=True, verbose_name='应结案中作废')),
                ('shelved_of_due', models.IntegerField(null=True, verbose_name='应结案中挂账')),
                ('closed_of_due', models.IntegerField(null=True, verbose_name='应结案中已办结')),
                ('on_time', models.IntegerField(null=True, verbose_name='应结案中按期办结')),
                ('on_time_by_extension', models.IntegerField(null=True, verbose_name='因延期而按期办结')),
                ('reworked', models.IntegerField(null=True, verbose_name='应结案中返工')),
                ('extended', models.IntegerField(null=True, verbose_name='应结案中延期')),
                ('in_hand', models.IntegerField(null=True, verbose_name='在办')),
                ('in_verifying', models.IntegerField(null=True, verbose_name='待核实')),
                ('in_reported', models.IntegerField(null=True, verbose_name='待受理')),
                ('in_dispatching', models.IntegerField(null=True, verbose_name='待派遣')),
                ('in_admitted', models.IntegerField(null=True, verbose_name='待签收')),
                ('in_designating', models.IntegerField(null=True, verbose_name='待指定管辖')),
                ('in_handling', models.IntegerField(null=True, verbose_name='处置中')),
                ('in_close_requested', models.IntegerField(null=True, verbose_name='待核查')),
                ('in_checked', models.IntegerField(null=True, verbose_name='待办结')),
                ('closed', models.IntegerField(null=True, verbose_name='办结')),
                ('solved', models.IntegerField(null=True, verbose_name='已解决')),
                ('explained', models.IntegerField(null=True, verbose_name='已解释')),
                ('long_term', models.IntegerField(null=True, verbose_name='转长期')),
                ('closed_as_shelved', models.IntegerField(null=True, verbose_name='办结挂账')),
                ('not_ours', models.IntegerField(null=True, verbose_name='非职责')),
                ('self_closed', models.IntegerField(null=True, verbose_name='自报自结')),
                ('visited', models.IntegerField(null=True, verbose_name='回访到')),
                ('contacted', models.IntegerField(null=True, verbose_name='联系过')),
                ('reasonable', models.IntegerField(null=True, verbose_name='合理诉求')),
                ('solved_said', models.IntegerField(null=True, verbose_name='认为已解决')),
                ('satisfied_said', models.IntegerField(null=True, verbose_name='满意')),
                ('unreasonable', models.IntegerField(null=True, verbose_name='不合理诉求')),
                ('unreasonable_solved', models.IntegerField(null=True, verbose_name='不合理诉求中已解决')),
                ('unreasonable_satisfied', models.IntegerField(null=True, verbose_name='不合理诉求中满意')),
            ],
            options={
                'verbose_name': '计数',
                'verbose_name_plural': '计数',
                'indexes': [models.Index(condition=models.Q(('in_hand__isnull', False)), fields=['area_id', 'type', 'day'], name='counter_in_hand')],
            },
        ),
        run_sql("city1361.centres.situation", "counting.sql"),
        run_sql("city1361.centres.situation", "row_security.sql"),
        run_sql("city1361.centres.situation", "whatever_stands.sql"),
    ]
