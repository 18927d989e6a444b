"""Tables of the working calendar, and working time as SQL."""

import city1361.base.kernel.ids
import django.db.models.expressions
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [("base_database", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, primary_key=True, serialize=False, verbose_name='标识')),
                ('date', models.DateField(verbose_name='日期')),
                ('origin', models.CharField(max_length=16, verbose_name='来源方式')),
                ('kind', models.CharField(max_length=16, verbose_name='日期类型')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('source', models.CharField(max_length=200, verbose_name='依据')),
            ],
            options={
                'verbose_name': '特殊日期',
                'verbose_name_plural': '特殊日期',
                'constraints': [models.UniqueConstraint(models.F('date'), models.F('origin'), name='base_calendar_one_per_origin')],
            },
        ),
        migrations.CreateModel(
            name='WorkingCalendar',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False, verbose_name='标识')),
                ('timezone', models.CharField(max_length=64, verbose_name='时区')),
                ('first', models.DateField(verbose_name='起始日期')),
                ('years_ahead', models.SmallIntegerField(verbose_name='向后年数')),
                ('hours', models.JSONField(verbose_name='工作时间')),
                ('day_rule', models.CharField(max_length=16, verbose_name='工作日计算方式')),
                ('announced_until', models.DateField(null=True, verbose_name='已录入安排截止')),
                ('covered_until', models.DateField(verbose_name='节假日安排截止')),
                ('edition', models.UUIDField(default=city1361.base.kernel.ids.new_id, verbose_name='版次')),
                ('built_at', models.DateTimeField(verbose_name='生成时间')),
            ],
            options={
                'verbose_name': '工作日历',
                'verbose_name_plural': '工作日历',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='base_calendar_only_one')],
            },
        ),
        migrations.CreateModel(
            name='WorkingDay',
            fields=[
                ('date', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                ('morning_start', models.SmallIntegerField(verbose_name='上午开始')),
                ('morning_end', models.SmallIntegerField(verbose_name='上午结束')),
                ('afternoon_start', models.SmallIntegerField(verbose_name='下午开始')),
                ('afternoon_end', models.SmallIntegerField(verbose_name='下午结束')),
                ('minutes', models.SmallIntegerField(verbose_name='当日工作分钟数')),
                ('before', models.IntegerField(verbose_name='此前累计工作分钟数')),
            ],
            options={
                'verbose_name': '工作日历表',
                'verbose_name_plural': '工作日历表',
                'indexes': [models.Index(fields=['before', 'date'], name='base_calendar_before')],
                'constraints': [models.CheckConstraint(condition=models.Q(('morning_start__gte', 0), ('morning_end__gte', models.F('morning_start')), ('afternoon_end__gte', models.F('afternoon_start')), ('afternoon_end__lte', 1440), ('minutes', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('morning_end'), '-', models.F('morning_start')), '+', models.F('afternoon_end')), '-', models.F('afternoon_start')))), name='base_calendar_day_adds_up')],
            },
        ),
        run_sql("city1361.base.calendar", "working_time.sql"),
    ]
