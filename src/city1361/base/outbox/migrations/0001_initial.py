"""Tables of the outbox, partitioned by month from the first day, and the SQL that publishes and claims."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from city1361.base.database.migrating import run_sql

TABLES = """
CREATE TABLE base_outbox_event (
    id uuid PRIMARY KEY,
    name varchar(80) NOT NULL,
    payload jsonb NOT NULL,
    topics varchar(110)[] NOT NULL,
    acted_by jsonb NOT NULL,
    occurred_at timestamptz NOT NULL
) PARTITION BY RANGE (id);
CREATE TABLE base_outbox_event_default PARTITION OF base_outbox_event DEFAULT;
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
CREATE TABLE base_outbox_delivery_default PARTITION OF base_outbox_delivery DEFAULT;
CREATE INDEX base_outbox_delivery_due ON base_outbox_delivery (due_at, event_id) WHERE state = 'due';
CREATE INDEX base_outbox_delivery_dead ON base_outbox_delivery (event_id) WHERE state = 'dead';
"""
DROP_TABLES = "DROP TABLE base_outbox_delivery, base_outbox_pending, base_outbox_event;"

# Procrastinate notifies on each insert. A NOTIFY makes commits wait for one another, and jobs are deferred inside
# the transactions of matters, so its triggers go: the worker looks every second instead.
SILENCE = """
DROP TRIGGER IF EXISTS procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;
DROP TRIGGER IF EXISTS procrastinate_jobs_notify_queue_job_aborted_v1 ON procrastinate_jobs;
"""

MODELS = [
    migrations.CreateModel(
        name="OutboxEvent",
        fields=[
            ("id", models.UUIDField(primary_key=True, serialize=False)),
            ("name", models.CharField(max_length=80, verbose_name="名称")),
            ("payload", models.JSONField(verbose_name="内容")),
            ("topics", ArrayField(base_field=models.CharField(max_length=110), size=None, verbose_name="主题")),
            ("acted_by", models.JSONField(verbose_name="操作者")),
            ("occurred_at", models.DateTimeField(verbose_name="发生时间")),
        ],
        options={"db_table": "base_outbox_event", "verbose_name": "已发生事件"},
    ),
    migrations.CreateModel(
        name="PendingEvent",
        fields=[("event_id", models.UUIDField(primary_key=True, serialize=False))],
        options={"db_table": "base_outbox_pending", "verbose_name": "待分发事件"},
    ),
    migrations.CreateModel(
        name="Delivery",
        fields=[
            ("pk", models.CompositePrimaryKey("event_id", "reaction", blank=True, editable=False, primary_key=True, serialize=False)),
            ("event_id", models.UUIDField()),
            ("reaction", models.CharField(max_length=120, verbose_name="响应")),
            ("state", models.CharField(max_length=8, verbose_name="状态")),
            ("attempts", models.SmallIntegerField(verbose_name="已试次数")),
            ("due_at", models.DateTimeField(verbose_name="下次时间")),
            ("last_error", models.TextField(verbose_name="最近错误")),
        ],
        options={"db_table": "base_outbox_delivery", "verbose_name": "事件投递"},
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("base_database", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.SeparateDatabaseAndState([migrations.RunSQL(TABLES, DROP_TABLES)], MODELS),
        run_sql("city1361.base.outbox", "publish.sql"),
        run_sql("city1361.base.outbox", "claim.sql"),
        migrations.RunSQL(SILENCE, migrations.RunSQL.noop),
    ]
