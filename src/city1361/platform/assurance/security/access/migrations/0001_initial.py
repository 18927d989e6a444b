"""Other applications and their tokens."""

import city1361.base.kernel.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('platform_organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('level', models.CharField(choices=[('city', 'city'), ('district', 'district'), ('town', 'town'), ('village', 'village'), ('grid', 'grid')], max_length=16, verbose_name='层级')),
                ('area_id', models.UUIDField(verbose_name='区域')),
                ('permissions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None, verbose_name='权限')),
                ('added_at', models.DateTimeField(verbose_name='接入时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform_organisations.organisation')),
            ],
            options={
                'verbose_name': '接入应用',
                'verbose_name_plural': '接入应用',
            },
        ),
        migrations.CreateModel(
            name='ApplicationToken',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='令牌摘要')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='platform_access.application')),
            ],
            options={
                'verbose_name': '应用令牌',
                'verbose_name_plural': '应用令牌',
            },
        ),
    ]
