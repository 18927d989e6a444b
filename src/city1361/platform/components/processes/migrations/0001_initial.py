"""Definitions, instances, work items: the large ones partitioned from the first day; their row security, their SQL."""

import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("base_evidence", "0002_insert"),
        ("base_outbox", "0002_insert"),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcessDefinition',
            fields=[
                ('key', models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name='编号')),
                ('title', models.CharField(max_length=150, verbose_name='名称')),
                ('package', models.CharField(blank=True, max_length=80, verbose_name='应用包')),
                ('current', models.PositiveIntegerField(verbose_name='现行版次')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '流程定义',
                'verbose_name_plural': '流程定义',
            },
        ),
        migrations.CreateModel(
            name='WorkItemKey',
            fields=[
                ('pk', models.CompositePrimaryKey('source', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=40, verbose_name='应用')),
                ('key', models.CharField(max_length=120, verbose_name='编号')),
                ('work_item_id', models.UUIDField(verbose_name='待办')),
                ('digest', models.CharField(max_length=64, verbose_name='内容摘要')),
            ],
            options={
                'verbose_name': '外部待办编号',
                'verbose_name_plural': '外部待办编号',
            },
        ),
        migrations.CreateModel(
            name='WorkItemKind',
            fields=[
                ('code', models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name='代码')),
                ('source', models.CharField(max_length=40, verbose_name='应用')),
                ('label', models.CharField(max_length=60, verbose_name='名称')),
                ('prefix', models.CharField(max_length=200, verbose_name='地址前缀')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '外部待办种类',
                'verbose_name_plural': '外部待办种类',
            },
        ),
        migrations.CreateModel(
            name='ProcessMessage',
            fields=[
                ('pk', models.CompositePrimaryKey('instance_id', 'token', blank=True, editable=False, primary_key=True, serialize=False)),
                ('instance_id', models.UUIDField(verbose_name='流程实例')),
                ('token', models.CharField(max_length=24, verbose_name='令牌')),
                ('name', models.CharField(max_length=200, verbose_name='消息')),
                ('correlation', models.CharField(blank=True, max_length=300, verbose_name='关联值')),
            ],
            options={
                'verbose_name': '等待的消息',
                'verbose_name_plural': '等待的消息',
                'indexes': [models.Index(fields=['name', 'correlation'], name='process_message_awaited')],
            },
        ),
        migrations.CreateModel(
            name='ProcessPassage',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('instance_id', models.UUIDField(verbose_name='流程实例')),
                ('element', models.CharField(max_length=200, verbose_name='环节')),
                ('what', models.CharField(choices=[('entered', 'entered'), ('left', 'left'), ('cancelled', 'cancelled')], max_length=12, verbose_name='经过')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('token', models.CharField(blank=True, max_length=24, verbose_name='令牌')),
                ('flow', models.CharField(blank=True, max_length=200, verbose_name='连线')),
                ('process', models.CharField(blank=True, max_length=150, verbose_name='被调用流程')),
            ],
            options={
                'verbose_name': '流程经过',
                'verbose_name_plural': '流程经过',
                'indexes': [models.Index(fields=['instance_id', 'id'], name='process_passage_path')],
            },
        ),
        migrations.CreateModel(
            name='ProcessTimer',
            fields=[
                ('pk', models.CompositePrimaryKey('instance_id', 'token', blank=True, editable=False, primary_key=True, serialize=False)),
                ('instance_id', models.UUIDField(verbose_name='流程实例')),
                ('token', models.CharField(max_length=24, verbose_name='令牌')),
                ('element', models.CharField(max_length=200, verbose_name='环节')),
                ('due_at', models.DateTimeField(verbose_name='到期时间')),
                ('try_at', models.DateTimeField(verbose_name='下次时间')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='已试次数')),
                ('problem', models.CharField(blank=True, max_length=300, verbose_name='未成原因')),
            ],
            options={
                'verbose_name': '流程定时器',
                'verbose_name_plural': '流程定时器',
                'indexes': [models.Index(fields=['due_at'], name='process_timer_due')],
            },
        ),
        migrations.CreateModel(
            name='ProcessVersion',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('digest', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('xml', models.TextField(verbose_name='流程图')),
                ('compiled', models.JSONField(verbose_name='编译结果')),
                ('published_at', models.DateTimeField(verbose_name='发布时间')),
                ('published_by', models.CharField(max_length=80, verbose_name='发布人')),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='platform_processes.processdefinition')),
            ],
            options={
                'verbose_name': '流程版次',
                'verbose_name_plural': '流程版次',
            },
        ),
        migrations.CreateModel(
            name='ProcessInstance',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('subject_kind', models.CharField(max_length=60, verbose_name='对象类别')),
                ('subject_id', models.UUIDField(verbose_name='对象标识')),
                ('state', models.JSONField(verbose_name='流程状态')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('status', models.CharField(choices=[('running', 'running'), ('completed', 'completed'), ('terminated', 'terminated'), ('failed', 'failed')], max_length=12, verbose_name='状态')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('organisations', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='参与机构')),
                ('reporter_account', models.UUIDField(null=True, verbose_name='上报账号')),
                ('started_at', models.DateTimeField(verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('process_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_processes.processversion')),
            ],
            options={
                'verbose_name': '流程实例',
                'verbose_name_plural': '流程实例',
            },
        ),
        migrations.CreateModel(
            name='ServiceRequest',
            fields=[
                ('pk', models.CompositePrimaryKey('instance_id', 'token', blank=True, editable=False, primary_key=True, serialize=False)),
                ('instance_id', models.UUIDField(verbose_name='流程实例')),
                ('token', models.CharField(max_length=24, verbose_name='令牌')),
                ('name', models.CharField(max_length=200, verbose_name='服务')),
                ('arguments', models.JSONField(verbose_name='参数')),
                ('asked_at', models.DateTimeField(verbose_name='调用时间')),
                ('try_at', models.DateTimeField(verbose_name='下次时间')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='已试次数')),
                ('dead', models.BooleanField(default=False, verbose_name='已放弃')),
                ('problem', models.CharField(blank=True, max_length=300, verbose_name='未成原因')),
            ],
            options={
                'verbose_name': '服务调用',
                'verbose_name_plural': '服务调用',
                'indexes': [models.Index(condition=models.Q(('dead', False)), fields=['try_at'], name='service_request_due')],
            },
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('instance_id', models.UUIDField(null=True, verbose_name='流程实例')),
                ('token', models.CharField(blank=True, max_length=24, verbose_name='令牌')),
                ('kind', models.CharField(max_length=60, verbose_name='种类')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('subject_kind', models.CharField(blank=True, max_length=60, verbose_name='对象类别')),
                ('subject_id', models.UUIDField(null=True, verbose_name='对象标识')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='页面地址')),
                ('organisation', models.UUIDField(verbose_name='机构')),
                ('post', models.CharField(blank=True, max_length=64, verbose_name='岗位')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('holder_area', models.UUIDField(null=True, verbose_name='责任区域')),
                ('shift', models.CharField(blank=True, max_length=40, verbose_name='班次')),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(null=True, verbose_name='区县')),
                ('town_id', models.UUIDField(null=True, verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(null=True, verbose_name='网格')),
                ('opened_at', models.DateTimeField(verbose_name='产生时间')),
                ('due_at', models.DateTimeField(null=True, verbose_name='到期时间')),
                ('amber_at', models.DateTimeField(null=True, verbose_name='临期时间')),
                ('sort_at', models.DateTimeField(verbose_name='排序时间')),
                ('state', models.CharField(choices=[('open', 'open'), ('claimed', 'claimed'), ('done', 'done'), ('withdrawn', 'withdrawn')], max_length=12, verbose_name='状态')),
                ('claimed_by', models.UUIDField(null=True, verbose_name='领取账号')),
                ('claimed_who', models.CharField(blank=True, max_length=80, verbose_name='领取人')),
                ('claimed_at', models.DateTimeField(null=True, verbose_name='领取时间')),
                ('done_by', models.UUIDField(null=True, verbose_name='完成账号')),
                ('done_who', models.CharField(blank=True, max_length=80, verbose_name='完成人')),
                ('done_at', models.DateTimeField(null=True, verbose_name='完成时间')),
                ('watchers', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='关注账号')),
                ('source', models.CharField(blank=True, max_length=40, verbose_name='来源应用')),
                ('source_key', models.CharField(blank=True, max_length=120, verbose_name='来源编号')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='版本')),
            ],
            options={
                'verbose_name': '待办',
                'verbose_name_plural': '待办',
                'indexes': [models.Index(condition=models.Q(('state__in', ['open', 'claimed'])), fields=['instance_id', 'token'], name='work_item_token'), models.Index(fields=['subject_id'], name='work_item_subject'), models.Index(condition=models.Q(('state', 'open')), fields=['organisation', 'sort_at', 'id'], name='work_item_organisation'), models.Index(condition=models.Q(('state', 'open'), ('account__isnull', False)), fields=['account', 'sort_at', 'id'], name='work_item_account'), models.Index(condition=models.Q(('state__in', ['open', 'claimed'])), fields=['district_id', 'sort_at', 'id'], name='work_item_district'), models.Index(condition=models.Q(('state__in', ['open', 'claimed'])), fields=['town_id', 'sort_at', 'id'], name='work_item_town'), models.Index(condition=models.Q(('state__in', ['open', 'claimed']), ('grid_id__isnull', False)), fields=['grid_id', 'sort_at', 'id'], name='work_item_grid'), models.Index(condition=models.Q(('state', 'claimed')), fields=['claimed_by', 'sort_at', 'id'], name='work_item_claimed'), models.Index(condition=models.Q(('done_by__isnull', False)), fields=['done_by', '-id'], name='work_item_done'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('watchers', []), _negated=True), fields=['watchers'], name='work_item_watched')],
            },
        ),
        run_sql("city1361.platform.components.processes", "partitioned.sql"),
        run_sql("city1361.platform.components.processes", "row_security.sql"),
        run_sql("city1361.platform.components.processes", "apply.sql"),
        migrations.AddConstraint(
            model_name='processversion',
            constraint=models.UniqueConstraint(fields=('definition', 'number'), name='process_version_number'),
        ),
        migrations.AddIndex(
            model_name='processinstance',
            index=models.Index(fields=['subject_id'], name='process_instance_subject'),
        ),
        migrations.AddIndex(
            model_name='processinstance',
            index=models.Index(condition=models.Q(('status', 'running')), fields=['process_version'], name='process_instance_running'),
        ),
    ]
