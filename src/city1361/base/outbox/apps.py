"""The Django application of the outbox."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    """Finds the `jobs` and `reactions` of every module once all models stand."""

    name = "city1361.base.outbox"
    label = "base_outbox"
    verbose_name = "事件发布箱"

    def ready(self) -> None:
        autodiscover_modules("jobs", "reactions")

        from city1361.base.kernel import registry
        from city1361.base.kernel.archivable import register_archivable
        from city1361.base.outbox.queueing import periodic
        from city1361.base.outbox.terms import ARCHIVABLE

        register_archivable("outbox", lambda: ARCHIVABLE)
        for entry in registry.periodic_work():
            periodic(entry.cron, name=entry.name)(entry.work)

        from city1361.base.kernel.measures import register_measures
        from city1361.base.outbox.doctor import findings
        from city1361.base.outbox.measures import read

        register_measures("outbox", read)

        registry.register_doctor_check("outbox", findings)
