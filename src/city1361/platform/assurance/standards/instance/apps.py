from django.apps import AppConfig


class InstanceConfig(AppConfig):
    name = "city1361.platform.assurance.standards.instance"
    label = "platform_instance"
    verbose_name = "城市实例"

    def ready(self) -> None:
        from city1361.base.kernel.registry import register_permissions
        from city1361.platform.assurance.standards.instance.terms import Permission

        register_permissions(Permission)
