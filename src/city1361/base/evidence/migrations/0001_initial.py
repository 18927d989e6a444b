"""The log of evidence: entries partitioned by month, their places, the tiles of the tree, the heads."""

from django.db import migrations, models

from city1361.base.database.api import run_sql

PACKAGE = "city1361.base.evidence"
DROP = """
DROP FUNCTION base_evidence_append(bigint, uuid[], smallint[], bigint[], bytea[], bytea[], timestamptz,
    bytea, bytea, bytea, bytea, bytea);
DROP FUNCTION base_evidence_lock();
DROP TABLE base_evidence_head, base_evidence_tile, base_evidence_sequence, base_evidence_pending,
    base_evidence_personal, base_evidence_entry;
DROP FUNCTION base_evidence_wait();
"""

MODELS = [
    migrations.CreateModel(
        name="EvidenceEntry",
        fields=[
            ("id", models.UUIDField(primary_key=True, serialize=False)),
            ("at", models.DateTimeField(verbose_name="时间")),
            ("action", models.CharField(max_length=100, verbose_name="操作")),
            ("subject_kind", models.CharField(max_length=60, verbose_name="对象类别")),
            ("subject_id", models.CharField(max_length=100, verbose_name="对象标识")),
            ("canon", models.BinaryField(verbose_name="规范内容")),
            ("leaf", models.BinaryField(verbose_name="叶哈希")),
        ],
        options={"db_table": "base_evidence_entry", "verbose_name": "存证条目"},
    ),
    migrations.CreateModel(
        name="EvidencePersonal",
        fields=[
            ("entry_id", models.UUIDField(primary_key=True, serialize=False)),
            ("salt", models.BinaryField(verbose_name="盐")),
            ("sealed", models.BinaryField(verbose_name="密文")),
        ],
        options={"db_table": "base_evidence_personal", "verbose_name": "存证个人信息"},
    ),
    migrations.CreateModel(
        name="PendingEvidence",
        fields=[("entry_id", models.UUIDField(primary_key=True, serialize=False))],
        options={"db_table": "base_evidence_pending", "verbose_name": "待排序存证"},
    ),
    migrations.CreateModel(
        name="EvidenceSequence",
        fields=[
            ("seq", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
            ("entry_id", models.UUIDField(unique=True, verbose_name="条目")),
        ],
        options={"db_table": "base_evidence_sequence", "verbose_name": "存证序号"},
    ),
    migrations.CreateModel(
        name="EvidenceTile",
        fields=[
            ("pk", models.CompositePrimaryKey("level", "position", blank=True, editable=False, primary_key=True, serialize=False)),
            ("level", models.SmallIntegerField(verbose_name="层")),
            ("position", models.BigIntegerField(verbose_name="位置")),
            ("sha256", models.BinaryField(verbose_name="SHA-256哈希")),
            ("sm3", models.BinaryField(verbose_name="SM3哈希")),
        ],
        options={"db_table": "base_evidence_tile", "verbose_name": "存证哈希块"},
    ),
    migrations.CreateModel(
        name="EvidenceHead",
        fields=[
            ("size", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="条目数")),
            ("at", models.DateTimeField(verbose_name="时间")),
            ("root_sha256", models.BinaryField(verbose_name="SHA-256树根")),
            ("root_sm3", models.BinaryField(verbose_name="SM3树根")),
            ("previous", models.BinaryField(verbose_name="上一树头哈希")),
            ("key", models.BinaryField(verbose_name="公钥")),
            ("signature", models.BinaryField(verbose_name="签名")),
        ],
        options={"db_table": "base_evidence_head", "verbose_name": "存证树头"},
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("base_database", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState([run_sql(PACKAGE, "tables.sql", DROP)], MODELS),
        run_sql(PACKAGE, "append.sql"),
        run_sql(PACKAGE, "privileges.sql"),
    ]
