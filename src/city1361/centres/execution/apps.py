from django.apps import AppConfig


class ExecutionConfig(AppConfig):
    name = "city1361.centres.execution"
    label = "centres_execution"
    verbose_name = "一贯到底"

    def ready(self) -> None:
        from city1361.centres.execution import registration, shelf

        registration.register()
        shelf.register()
