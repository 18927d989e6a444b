from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "city1361.platform.assurance.security.accounts"
    label = "platform_accounts"
    verbose_name = "账号与任职"

    def ready(self) -> None:
        from city1361.base.database.api import register_purposes
        from city1361.base.kernel import registry
        from city1361.platform.assurance.security.accounts import doctor, own, roles, sessions
        from city1361.platform.assurance.security.accounts.terms import Permission

        registry.register_permissions(Permission)
        registry.register_instance_section("roles", 50, roles.check, roles.load)
        registry.register_doctor_check("accounts", doctor.findings)
        register_purposes("second factor", own.purposes)
        own.watch()
        sessions.watch()
