from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base_database', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LoadedSection',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='分区')),
                ('digest', models.CharField(max_length=64, verbose_name='摘要值')),
                ('summary', models.TextField(verbose_name='载入结果')),
                ('loaded_at', models.DateTimeField(verbose_name='载入时间')),
            ],
            options={
                'verbose_name': '实例分区',
                'verbose_name_plural': '实例分区',
            },
        ),
    ]
