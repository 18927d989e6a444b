from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "city1361.platform.applications.packages"
    label = "platform_packages"
    verbose_name = "业务应用包"

    def ready(self) -> None:
        from city1361.platform.applications.packages import registration

        registration.register()
