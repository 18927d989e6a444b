from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "city1361.platform.assurance.security.access"
    label = "platform_access"
    verbose_name = "访问控制"

    def ready(self) -> None:
        from city1361.base.kernel import registry
        from city1361.base.ui.api import register_identity
        from city1361.platform.assurance.security.access import doctor, resolver
        from city1361.platform.assurance.security.access.identity import identity_of
        from city1361.platform.assurance.security.access.terms import Permission

        registry.register_permissions(Permission)
        registry.set_authoriser(resolver.may)
        registry.set_scope_resolver(resolver.scope_of)
        registry.register_doctor_check("access", doctor.findings)
        registry.register_router("me", "city1361.platform.assurance.security.access.own_http.router")
        register_identity(identity_of)
