"""A matter is reported, and given to another, by one call each."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):

    dependencies = [
        ('centres_execution', '0006_read'),
        ('base_search', '0001_initial'),
    ]

    operations = [
        run_sql("city1361.centres.execution", "create.sql"),
    ]
