from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "city1361.platform.assurance.standards.areas"
    label = "platform_areas"
    verbose_name = "区域"

    def ready(self) -> None:
        from city1361.base.kernel.registry import register_instance_section
        from city1361.platform.assurance.standards.areas import api

        register_instance_section("areas", 10, api.check_areas, api.load_areas)
