from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "city1361.platform.assurance.standards.codes"
    label = "platform_codes"
    verbose_name = "标准代码"

    def ready(self) -> None:
        from city1361.base.kernel.registry import register_instance_section
        from city1361.platform.assurance.standards.codes import api

        register_instance_section("codes", 15, api.check_codes, api.load_codes)
