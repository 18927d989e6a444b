"""The SQL function through which entries enter the log."""

from django.db import migrations

from city1361.base.database.api import run_sql


class Migration(migrations.Migration):
    dependencies = [("base_evidence", "0001_initial")]

    operations = [run_sql("city1361.base.evidence", "insert.sql", "DROP FUNCTION evidence_insert(jsonb)")]
