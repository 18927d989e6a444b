"""Functions are for the application and nobody else."""

from django.db import migrations

from city1361.base.database.migrating import run_sql


class Migration(migrations.Migration):
    dependencies = [("base_database", "0001_initial")]

    operations = [run_sql("city1361.base.database", "functions.sql")]
