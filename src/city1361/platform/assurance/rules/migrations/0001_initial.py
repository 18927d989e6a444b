"""Editions of the rules, which never change, and the proposals that lead to them."""

import city1361.base.kernel.ids
import city1361.platform.assurance.rules.terms
import django.db.models.deletion
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('platform_areas', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleEdition',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('valid_from', models.DateField(verbose_name='施行日期')),
                ('digest', models.CharField(max_length=64, verbose_name='摘要值')),
                ('content', models.JSONField(verbose_name='内容')),
                ('reason', models.CharField(max_length=300, verbose_name='事由')),
                ('published_at', models.DateTimeField(verbose_name='发布时间')),
                ('published_by', models.CharField(max_length=80, verbose_name='发布人')),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_areas.area')),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_rules.ruleedition')),
            ],
            options={
                'verbose_name': '规则版次',
                'verbose_name_plural': '规则版次',
            },
        ),
        migrations.CreateModel(
            name='RuleProposal',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], max_length=12, verbose_name='状态')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('reason', models.CharField(max_length=600, verbose_name='理由')),
                ('content', models.JSONField(verbose_name='内容')),
                ('starts_on', models.DateField(verbose_name='施行日期')),
                ('origin', models.CharField(default='', max_length=80, verbose_name='来源')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('proposer', models.UUIDField(null=True, verbose_name='提出账号')),
                ('proposed_by', models.CharField(max_length=80, verbose_name='提出人')),
                ('preview', models.JSONField(null=True, verbose_name='影响测算')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('decider', models.UUIDField(null=True, verbose_name='决定账号')),
                ('decided_by', models.CharField(default='', max_length=80, verbose_name='决定人')),
                ('decision', models.CharField(default='', max_length=600, verbose_name='决定理由')),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_areas.area')),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_rules.ruleedition')),
                ('edition', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='platform_rules.ruleedition')),
            ],
            options={
                'verbose_name': '规则变更',
                'verbose_name_plural': '规则变更',
            },
        ),
        migrations.AddIndex(
            model_name='ruleedition',
            index=models.Index(fields=['digest'], name='rule_edition_digest'),
        ),
        migrations.AddConstraint(
            model_name='ruleedition',
            constraint=models.UniqueConstraint(fields=('area', 'number'), name='rule_edition_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='ruleedition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area', None), ('base', None)), models.Q(('area__isnull', False), ('base__isnull', False)), _connector='OR'), name='rule_edition_base'),
        ),
        migrations.AddIndex(
            model_name='ruleproposal',
            index=models.Index(fields=['state', '-id'], name='rule_proposal_state'),
        ),
        migrations.AddConstraint(
            model_name='ruleproposal',
            constraint=models.CheckConstraint(condition=models.Q(('decider', None), models.Q(('state', city1361.platform.assurance.rules.terms.ProposalState['APPROVED']), _negated=True), ('proposer', None), models.Q(('decider', models.F('proposer')), _negated=True), _connector='OR'), name='rule_proposal_other_person'),
        ),
        run_sql("city1361.platform.assurance.rules", "immutable.sql"),
    ]
