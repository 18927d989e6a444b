from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """What tells two submissions under one key apart."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("centres_supervision", "0001_initial")]

    operations: ClassVar[list[object]] = [
        migrations.AddField(
            model_name="instruction",
            name="body_hash",
            field=models.CharField("内容摘要", max_length=64, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="notice",
            name="body_hash",
            field=models.CharField("内容摘要", max_length=64, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="returnvisit",
            name="body_hash",
            field=models.CharField("内容摘要", max_length=64, blank=True, default=""),
            preserve_default=False,
        ),
    ]
