"""Photos are seen with their matter."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):
    dependencies = [("centres_execution", "0011_seen_unbound"), ("base_files", "0002_row_security")]

    operations = [run_sql("city1361.centres.execution", "file_security.sql")]
