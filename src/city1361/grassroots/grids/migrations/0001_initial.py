"""The tables of the grids and their row security."""

import city1361.base.database.personal
import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='GridProfile',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(primary_key=True, serialize=False, verbose_name='网格')),
                ('kind', models.CharField(choices=[('ordinary_grid', 'ordinary_grid'), ('special_grid', 'special_grid')], max_length=20, verbose_name='网格类型')),
                ('purpose', models.CharField(blank=True, max_length=100, verbose_name='说明')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
            ],
            options={
                'verbose_name': '网格档案',
                'verbose_name_plural': '网格档案',
            },
        ),
        migrations.CreateModel(
            name='GridRules',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('edition', models.UUIDField(verbose_name='版次')),
                ('content', models.JSONField(verbose_name='内容')),
            ],
            options={
                'verbose_name': '网格事项清单',
                'verbose_name_plural': '网格事项清单',
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='户号')),
                ('address', city1361.base.database.personal.PersonalField(purpose='grids.household_address', verbose_name='住址')),
                ('address_index', city1361.base.database.personal.BlindIndexField(of='address', verbose_name='住址索引')),
                ('contact', city1361.base.database.personal.PersonalField(null=True, purpose='grids.household_contact', verbose_name='联系电话')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
            ],
            options={
                'verbose_name': '户',
                'verbose_name_plural': '户',
            },
        ),
        migrations.CreateModel(
            name='GridTask',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('item', models.CharField(blank=True, max_length=40, verbose_name='清单事项')),
                ('kind', models.CharField(choices=[('daily_visit', 'daily_visit'), ('inspection', 'inspection'), ('assistance', 'assistance'), ('grid_service', 'grid_service')], max_length=20, verbose_name='任务类型')),
                ('title', models.CharField(max_length=40, verbose_name='任务名称')),
                ('guidance', models.CharField(blank=True, max_length=300, verbose_name='要求')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='临时任务理由')),
                ('per_household', models.BooleanField(verbose_name='逐户')),
                ('tag', models.CharField(blank=True, max_length=32, verbose_name='只限人员标签')),
                ('villages', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='村社区')),
                ('state', models.CharField(choices=[('entry_requested', 'entry_requested'), ('task_running', 'task_running'), ('entry_refused', 'entry_refused'), ('task_ended', 'task_ended')], max_length=20, verbose_name='状态')),
                ('due_at', models.DateTimeField(verbose_name='完成期限')),
                ('asked_by', models.UUIDField(null=True, verbose_name='提出账号')),
                ('asked_who', models.CharField(max_length=80, verbose_name='提出人')),
                ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                ('decided_by', models.UUIDField(null=True, verbose_name='审批账号')),
                ('decided_who', models.CharField(blank=True, max_length=80, verbose_name='审批人')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='不予准入理由')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('client_key', models.CharField(blank=True, max_length=64, verbose_name='提交标识')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='版本')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
            ],
            options={
                'verbose_name': '网格任务',
                'verbose_name_plural': '网格任务',
                'indexes': [models.Index(fields=['town_id', '-id'], name='grid_task_town')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='grid_task_approved_by_another'), models.UniqueConstraint(condition=models.Q(('client_key', ''), _negated=True), fields=('asked_by', 'client_key'), name='grid_task_once_per_key')],
            },
        ),
        migrations.CreateModel(
            name='GridVisit',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('said', city1361.base.database.personal.PersonalField(null=True, purpose='grids.visit_said', verbose_name='情况')),
                ('photos', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='照片')),
                ('account', models.UUIDField(null=True, verbose_name='账号')),
                ('who', models.CharField(max_length=80, verbose_name='走访人')),
                ('occurred_at', models.DateTimeField(verbose_name='走访时间')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('client_key', models.CharField(max_length=64, verbose_name='提交标识')),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='grassroots_grids.household')),
            ],
            options={
                'verbose_name': '走访',
                'verbose_name_plural': '走访',
            },
        ),
        migrations.CreateModel(
            name='KeyPlace',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('key_place', 'key_place'), ('key_facility', 'key_facility')], max_length=20, verbose_name='类别')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='地址')),
                ('contact', city1361.base.database.personal.PersonalField(null=True, purpose='grids.place_contact', verbose_name='联系电话')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
            ],
            options={
                'verbose_name': '重点场所和设施',
                'verbose_name_plural': '重点场所和设施',
                'indexes': [models.Index(fields=['grid_id'], name='key_place_grid')],
            },
        ),
        migrations.CreateModel(
            name='MicroGrid',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('place', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
            ],
            options={
                'verbose_name': '微网格',
                'verbose_name_plural': '微网格',
                'constraints': [models.UniqueConstraint(fields=('grid_id', 'place'), name='micro_grid_place')],
            },
        ),
        migrations.AddField(
            model_name='household',
            name='micro_grid',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='households', to='grassroots_grids.microgrid'),
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', city1361.base.database.personal.PersonalField(purpose='grids.person_name', verbose_name='姓名')),
                ('name_index', city1361.base.database.personal.BlindIndexField(of='name', verbose_name='姓名索引')),
                ('phone', city1361.base.database.personal.PersonalField(null=True, purpose='grids.person_phone', verbose_name='电话')),
                ('phone_index', city1361.base.database.personal.BlindIndexField(of='phone', verbose_name='电话索引')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None, verbose_name='人员标签')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='grassroots_grids.household')),
            ],
            options={
                'verbose_name': '人员',
                'verbose_name_plural': '人员',
            },
        ),
        migrations.CreateModel(
            name='TaskEntry',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('finding', models.CharField(blank=True, choices=[('as_usual', 'as_usual'), ('noticed', 'noticed'), ('nobody_in', 'nobody_in')], max_length=20, verbose_name='结果')),
                ('open', models.BooleanField(default=True, verbose_name='未完成')),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grassroots_grids.household')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='grassroots_grids.gridtask')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='grassroots_grids.gridvisit')),
            ],
            options={
                'verbose_name': '任务明细',
                'verbose_name_plural': '任务明细',
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('city_id', models.UUIDField(verbose_name='城市')),
                ('district_id', models.UUIDField(verbose_name='区县')),
                ('town_id', models.UUIDField(verbose_name='镇街')),
                ('village_id', models.UUIDField(null=True, verbose_name='村社区')),
                ('grid_id', models.UUIDField(verbose_name='网格')),
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('grid_leader', 'grid_leader'), ('full_time_worker', 'full_time_worker'), ('part_time_worker', 'part_time_worker'), ('grid_guide', 'grid_guide'), ('other_force', 'other_force')], max_length=20, verbose_name='队伍角色')),
                ('title', models.CharField(max_length=60, verbose_name='称谓')),
                ('synthetic', models.BooleanField(default=False, verbose_name='合成数据')),
                ('micro_grid', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='team', to='grassroots_grids.microgrid')),
            ],
            options={
                'verbose_name': '网格力量',
                'verbose_name_plural': '网格力量',
            },
        ),
        migrations.AddIndex(
            model_name='gridvisit',
            index=models.Index(fields=['grid_id', '-id'], name='grid_visit_grid'),
        ),
        migrations.AddConstraint(
            model_name='gridvisit',
            constraint=models.UniqueConstraint(fields=('account', 'client_key'), name='grid_visit_once_per_key'),
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['town_id'], name='household_town'),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.UniqueConstraint(fields=('grid_id', 'number'), name='household_number'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['grid_id'], name='person_grid'),
        ),
        migrations.AddIndex(
            model_name='taskentry',
            index=models.Index(condition=models.Q(('open', True)), fields=['grid_id'], name='task_entry_open'),
        ),
        migrations.AddConstraint(
            model_name='taskentry',
            constraint=models.UniqueConstraint(fields=('task', 'grid_id', 'household'), name='task_entry_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='teammember',
            index=models.Index(fields=['grid_id'], name='team_member_grid'),
        ),
        run_sql("city1361.grassroots.grids", "row_security.sql"),
    ]
