from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "city1361.platform.components.forms"
    label = "platform_forms"
    verbose_name = "表单"

    def ready(self) -> None:
        from city1361.base.database.api import register_purposes
        from city1361.base.kernel import registry
        from city1361.platform.components.forms import answering, declarations, loading

        registry.register_package_section(
            "forms",
            20,
            declarations.check_forms,
            loading.load_forms,
            files=(declarations.FILES,),
            withdraw=loading.withdraw_forms,
        )
        register_purposes("forms", answering.purposes)
        registry.register_router("forms", "city1361.platform.components.forms.http.router")
