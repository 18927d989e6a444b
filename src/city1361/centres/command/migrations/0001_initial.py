"""The tables of whistles, calls and assisting tasks, and their row security."""

import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
        ('centres_execution', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommandSerial',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField(verbose_name='机构')),
                ('day', models.DateField(verbose_name='日期')),
                ('last', models.PositiveIntegerField(verbose_name='序号')),
            ],
            options={
                'verbose_name': '指挥序号',
                'verbose_name_plural': '指挥序号',
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='编号')),
                ('matter_number', models.CharField(max_length=40, verbose_name='事件编号')),
                ('title', models.CharField(max_length=60, verbose_name='任务')),
                ('demand', models.CharField(max_length=2000, verbose_name='要求')),
                ('giver', models.UUIDField(verbose_name='交办单位')),
                ('giver_name', models.CharField(max_length=150, verbose_name='交办单位名称')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('who', models.CharField(max_length=80, verbose_name='交办人')),
                ('at', models.DateTimeField(verbose_name='交办时间')),
                ('organisation', models.UUIDField(verbose_name='协办单位')),
                ('organisation_name', models.CharField(max_length=150, verbose_name='协办单位名称')),
                ('post', models.CharField(blank=True, max_length=64, verbose_name='协办岗位')),
                ('post_name', models.CharField(blank=True, max_length=80, verbose_name='协办岗位名称')),
                ('state', models.CharField(choices=[('given', 'given'), ('taken_up', 'taken_up'), ('completed', 'completed'), ('turned_down', 'turned_down'), ('handed_on', 'handed_on'), ('revoked', 'revoked')], max_length=20, verbose_name='状态')),
                ('acknowledge_due_at', models.DateTimeField(verbose_name='签收时限')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='签收时间')),
                ('presumed', models.BooleanField(default=False, verbose_name='到期视同签收')),
                ('limit_amount', models.PositiveIntegerField(verbose_name='时限数量')),
                ('limit_unit', models.CharField(max_length=16, verbose_name='时限单位')),
                ('limit_example', models.BooleanField(verbose_name='时限为示例')),
                ('due_at', models.DateTimeField(verbose_name='办理时限')),
                ('amber_at', models.DateTimeField(verbose_name='临期时间')),
                ('fallback', models.BooleanField(default=False, verbose_name='时限超出已公布节假日')),
                ('result', models.CharField(blank=True, max_length=2000, verbose_name='完成情况')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('rework_count', models.PositiveSmallIntegerField(default=0, verbose_name='返工次数')),
                ('informed', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='知会单位')),
                ('client_key', models.CharField(max_length=64, verbose_name='客户端键')),
                ('matter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
                ('origin', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handed_on', to='centres_command.task')),
            ],
            options={
                'verbose_name': '任务',
                'verbose_name_plural': '任务',
            },
        ),
        migrations.CreateModel(
            name='Whistle',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='编号')),
                ('title', models.CharField(max_length=60, verbose_name='事由')),
                ('demand', models.CharField(max_length=2000, verbose_name='需求')),
                ('urgency', models.CharField(max_length=12, verbose_name='紧急程度')),
                ('caller', models.UUIDField(verbose_name='吹哨单位')),
                ('caller_name', models.CharField(max_length=150, verbose_name='吹哨单位名称')),
                ('centre', models.UUIDField(null=True, verbose_name='调度中心')),
                ('centre_name', models.CharField(blank=True, max_length=150, verbose_name='调度中心名称')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('who', models.CharField(max_length=80, verbose_name='吹哨人')),
                ('at', models.DateTimeField(verbose_name='吹哨时间')),
                ('client_key', models.CharField(max_length=64, verbose_name='客户端键')),
                ('matter', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='centres_execution.matter')),
            ],
            options={
                'verbose_name': '吹哨',
                'verbose_name_plural': '吹哨',
            },
        ),
        migrations.CreateModel(
            name='WhistleCall',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField(verbose_name='被吹哨单位')),
                ('organisation_name', models.CharField(max_length=150, verbose_name='被吹哨单位名称')),
                ('state', models.CharField(choices=[('delivered', 'delivered'), ('read', 'read'), ('accepted', 'accepted'), ('arrived', 'arrived'), ('helped', 'helped'), ('declined', 'declined'), ('awaiting_dispatch', 'awaiting_dispatch'), ('ordered', 'ordered'), ('called_off', 'called_off')], max_length=20, verbose_name='状态')),
                ('limit_amount', models.PositiveIntegerField(verbose_name='时限数量')),
                ('limit_unit', models.CharField(max_length=16, verbose_name='时限单位')),
                ('limit_example', models.BooleanField(verbose_name='时限为示例')),
                ('due_at', models.DateTimeField(verbose_name='报到时限')),
                ('amber_at', models.DateTimeField(verbose_name='临期时间')),
                ('fallback', models.BooleanField(default=False, verbose_name='时限超出已公布节假日')),
                ('read_at', models.DateTimeField(null=True, verbose_name='已读时间')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
                ('responder', models.CharField(blank=True, max_length=80, verbose_name='到场人员')),
                ('arrive_by', models.DateTimeField(null=True, verbose_name='预计到场时间')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('clause', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('lapsed_at', models.DateTimeField(null=True, verbose_name='转调度时间')),
                ('ordered_at', models.DateTimeField(null=True, verbose_name='调度时间')),
                ('arrived_at', models.DateTimeField(null=True, verbose_name='到场时间')),
                ('result', models.CharField(blank=True, max_length=2000, verbose_name='支援结果')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('help_grade', models.CharField(blank=True, choices=[('satisfied', 'satisfied'), ('fair', 'fair'), ('dissatisfied', 'dissatisfied')], max_length=12, verbose_name='对支援的评价')),
                ('help_words', models.CharField(blank=True, max_length=500, verbose_name='对支援的评语')),
                ('whistle_grade', models.CharField(blank=True, choices=[('satisfied', 'satisfied'), ('fair', 'fair'), ('dissatisfied', 'dissatisfied')], max_length=12, verbose_name='对吹哨的评价')),
                ('whistle_words', models.CharField(blank=True, max_length=500, verbose_name='对吹哨的评语')),
                ('whistle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='centres_command.whistle')),
            ],
            options={
                'verbose_name': '吹哨呼叫',
                'verbose_name_plural': '吹哨呼叫',
            },
        ),
        migrations.CreateModel(
            name='CommandEntry',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('look', 'look'), ('accept', 'accept'), ('decline', 'decline'), ('arrive', 'arrive'), ('help', 'help'), ('rate_whistle', 'rate_whistle'), ('rate_help', 'rate_help'), ('ask_dispatch', 'ask_dispatch'), ('call_off', 'call_off'), ('lapse', 'lapse'), ('order', 'order'), ('stand_down', 'stand_down'), ('give', 'give'), ('acknowledge', 'acknowledge'), ('report_back', 'report_back'), ('complete', 'complete'), ('turn_down', 'turn_down'), ('transfer', 'transfer'), ('delegate', 'delegate'), ('cc', 'cc'), ('rework', 'rework'), ('take_back', 'take_back')], max_length=20, verbose_name='步骤')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('organisation_name', models.CharField(blank=True, max_length=150, verbose_name='机构名称')),
                ('who', models.CharField(max_length=80, verbose_name='办理人')),
                ('on_behalf_of', models.CharField(blank=True, max_length=80, verbose_name='代办')),
                ('text', models.CharField(blank=True, max_length=2000, verbose_name='说明')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='centres_command.task')),
                ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='centres_command.whistlecall')),
            ],
            options={
                'verbose_name': '指挥记录',
                'verbose_name_plural': '指挥记录',
            },
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['matter', 'id'], name='task_matter'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['organisation', '-id'], name='task_organisation'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['giver', '-id'], name='task_giver'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('state', 'given')), fields=['acknowledge_due_at'], name='task_unacknowledged'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(fields=('account', 'client_key'), name='task_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['given', 'taken_up'])), fields=('matter', 'organisation'), name='one_open_task_of_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('organisation', models.F('giver')), _negated=True), name='task_for_another_unit'),
        ),
        migrations.AddIndex(
            model_name='whistle',
            index=models.Index(fields=['matter', '-id'], name='whistle_matter'),
        ),
        migrations.AddIndex(
            model_name='whistle',
            index=models.Index(fields=['caller', '-id'], name='whistle_caller'),
        ),
        migrations.AddConstraint(
            model_name='whistle',
            constraint=models.UniqueConstraint(fields=('account', 'client_key'), name='whistle_once_per_key'),
        ),
        migrations.AddIndex(
            model_name='whistlecall',
            index=models.Index(fields=['organisation', '-id'], name='call_organisation'),
        ),
        migrations.AddIndex(
            model_name='whistlecall',
            index=models.Index(condition=models.Q(('state__in', ['delivered', 'read'])), fields=['due_at'], name='call_unanswered'),
        ),
        migrations.AddIndex(
            model_name='whistlecall',
            index=models.Index(condition=models.Q(('state__in', ['delivered', 'read', 'accepted', 'arrived', 'declined', 'awaiting_dispatch', 'ordered'])), fields=['organisation', 'due_at'], name='call_open'),
        ),
        migrations.AddConstraint(
            model_name='whistlecall',
            constraint=models.UniqueConstraint(fields=('whistle', 'organisation'), name='called_once_by_a_whistle'),
        ),
        migrations.AddConstraint(
            model_name='commandentry',
            constraint=models.CheckConstraint(condition=models.Q(('call', None), ('task', None), _connector='XOR'), name='entry_of_a_call_or_a_task'),
        ),
        run_sql("city1361.centres.command", "row_security.sql"),
    ]
