"""The index, and the only three ways into it."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.db import migrations, models

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    initial = True

    dependencies = [("base_database", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'subject_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('subject_id', models.UUIDField(verbose_name='对象')),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='范围')),
                ('content', models.TextField(verbose_name='内容')),
                ('document', django.contrib.postgres.search.SearchVectorField(verbose_name='索引')),
            ],
            options={
                'verbose_name': '检索文档',
                'verbose_name_plural': '检索文档',
            },
        ),
        run_sql("city1361.base.search", "search.sql"),
    ]
