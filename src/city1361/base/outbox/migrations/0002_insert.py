"""The SQL function that publishes events prepared beside what they tell of."""

from django.db import migrations

from city1361.base.database.migrating import run_sql


class Migration(migrations.Migration):
    dependencies = [("base_outbox", "0001_initial")]

    operations = [run_sql("city1361.base.outbox", "insert.sql", "DROP FUNCTION outbox_insert(jsonb)")]
