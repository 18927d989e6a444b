from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "city1361.platform.components.processes"
    label = "platform_processes"
    verbose_name = "流程"

    def ready(self) -> None:
        from city1361.platform.components.processes import registration

        registration.register()
