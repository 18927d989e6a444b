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
            name='Form',
            fields=[
                ('key', models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name='编号')),
                ('package', models.CharField(max_length=80, verbose_name='应用包')),
                ('current', models.PositiveIntegerField(verbose_name='现行版次')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '表单',
                'verbose_name_plural': '表单',
            },
        ),
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.UUIDField(default=city1361.base.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('content', models.JSONField(verbose_name='内容')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='platform_forms.form', verbose_name='表单')),
            ],
            options={
                'verbose_name': '表单版次',
                'verbose_name_plural': '表单版次',
                'constraints': [models.UniqueConstraint(fields=('form', 'number'), name='form_version_number')],
            },
        ),
    ]
