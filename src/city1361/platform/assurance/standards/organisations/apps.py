from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "city1361.platform.assurance.standards.organisations"
    label = "platform_organisations"
    verbose_name = "机构"

    def ready(self) -> None:
        from city1361.base.kernel.registry import register_instance_section
        from city1361.platform.assurance.standards.organisations import api

        register_instance_section("organisations", 20, api.check_organisations, api.load_organisations)
