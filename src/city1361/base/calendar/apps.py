"""The Django application of the working calendar."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Registers the check that the official holidays of the coming year are known."""

    name = "city1361.base.calendar"
    label = "base_calendar"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from city1361.base.calendar.doctor import findings
        from city1361.base.kernel import registry

        registry.register_doctor_check("calendar", findings)
