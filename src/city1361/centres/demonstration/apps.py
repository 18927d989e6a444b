"""The Django application of the demonstration's day."""

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """A day in the life of the city, for demonstrations only."""

    name = "city1361.centres.demonstration"
    label = "centres_demonstration"
    verbose_name = "演示日"

    def ready(self) -> None:
        from city1361.base.kernel import registry
        from city1361.centres.demonstration import doctor, visiting

        registry.register_demonstration("demonstration.visits", 60, visiting.generate)
        registry.register_doctor_check("demonstration.day", doctor.findings)
