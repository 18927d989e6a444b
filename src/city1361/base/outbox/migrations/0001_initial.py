"""Tables of the outbox, partitioned by month from the first day, and the SQL that publishes and claims."""

from importlib import resources

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

TABLES = """
CREATE TABLE base_outbox_event (
    id uuid PRIMARY KEY,
    name varchar(80) NOT NULL,
    payload jsonb NOT NULL,
    topics varchar(110)[] NOT NULL,
    acted_by jsonb NOT NULL,
    occurred_at timestamptz NOT NULL
) PARTITION BY RANGE (id);
CREATE TABLE base_outbox_pending (event_id uuid PRIMARY KEY)
    WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE TABLE base_outbox_delivery (
    event_id uuid NOT NULL,
    reaction varchar(120) NOT NULL,
    state varchar(8) NOT NULL CHECK (state IN ('due', 'done', 'dead')),
    attempts smallint NOT NULL,
    due_at timestamptz NOT NULL,
    last_error text NOT NULL,
    PRIMARY KEY (event_id, reaction)
) PARTITION BY RANGE (event_id);
CREATE INDEX base_outbox_delivery_due ON base_outbox_delivery (due_at, event_id) WHERE state = 'due';
CREATE INDEX base_outbox_delivery_dead ON base_outbox_delivery (event_id) WHERE state = 'dead';
"""
DROP_TABLES = "DROP TABLE base_outbox_delivery, base_outbox_pending, base_outbox_event;"

# Procrastinate notifies on each insert. A NOTIFY makes commits wait for one another, and jobs are deferred inside
# the transactions of matters, so its triggers go: the worker looks every second instead.
SILENCE = """
DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;
DROP TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 ON procrastinate_jobs;
"""


def sql(name: str) -> str:
    return resources.files("city1361.base.outbox").joinpath("sql", name).read_text("utf-8")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(TABLES, DROP_TABLES),
        migrations.RunSQL(sql("publish.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(sql("claim.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(SILENCE, migrations.RunSQL.noop),
    ]
