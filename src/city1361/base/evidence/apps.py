"""The Django application of the evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Tells `city1361 doctor` how the log stands."""

    name = "city1361.base.evidence"
    label = "base_evidence"
    verbose_name = "存证"

    def ready(self) -> None:
        from city1361.base.database.api import register_purposes
        from city1361.base.evidence.doctor import findings
        from city1361.base.evidence.measures import read
        from city1361.base.evidence.terms import purposes
        from city1361.base.kernel import registry
        from city1361.base.kernel.measures import register_measures

        register_measures("evidence", read)
        register_purposes("evidence", purposes)
        registry.register_doctor_check("evidence", findings)
