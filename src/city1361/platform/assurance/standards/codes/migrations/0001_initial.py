import city1361.base.kernel.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeList',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('standard', models.CharField(max_length=40, verbose_name='标准号')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('kind_name', models.CharField(max_length=40, verbose_name='类别名称')),
                ('title', models.CharField(max_length=120, verbose_name='标准名称')),
                ('valid_from', models.DateField(verbose_name='实施日期')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('verified', models.BooleanField(default=False, verbose_name='已核对')),
            ],
            options={
                'verbose_name': '代码表',
                'verbose_name_plural': '代码表',
                'constraints': [models.UniqueConstraint(fields=('standard', 'kind'), name='code_list_once')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('standard', models.CharField(max_length=40, verbose_name='标准号')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('code', models.CharField(max_length=20, verbose_name='代码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('class_name', models.CharField(max_length=60, verbose_name='大类名称')),
                ('verified', models.BooleanField(default=False, verbose_name='已核对')),
                ('listed', models.BooleanField(default=True, verbose_name='在用')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='platform_codes.codelist')),
            ],
            options={
                'verbose_name': '代码',
                'verbose_name_plural': '代码',
                'indexes': [models.Index(fields=['kind', 'code'], name='code_kind_code')],
                'constraints': [models.UniqueConstraint(fields=('standard', 'kind', 'code'), name='code_once')],
            },
        ),
    ]
