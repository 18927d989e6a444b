"""The Django application of the rules."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the `calendar` part of the instance folder, and who may override days."""

    name = "city1361.platform.assurance.rules"
    label = "platform_rules"
    verbose_name = "制度规则"

    def ready(self) -> None:
        from city1361.base.kernel import registry
        from city1361.base.ui.api import NavigationItem, register_navigation
        from city1361.platform.assurance.rules import api

        registry.register_permissions(api.Permission)
        registry.register_router("rules", "city1361.platform.assurance.rules.http.router")
        register_navigation(NavigationItem("规则", "/rules/", "list-check", "desk", api.Permission.READ_RULE, 70))
        registry.register_instance_section("calendar", 30, api.check_calendar, api.load_calendar)
        registry.register_instance_section("rules", 35, api.check_section, api.load_section)
        registry.register_package_section(
            "rules", 40, api.check_package, api.load_package, withdraw=api.withdraw_package
        )
