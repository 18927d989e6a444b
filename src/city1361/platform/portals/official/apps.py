"""The Django application of the officials' end."""

from django.apps import AppConfig


class OfficialConfig(AppConfig):
    """Home by role; other modules bring the cards and sections."""

    name = "city1361.platform.portals.official"
    label = "platform_official"
    verbose_name = "渝快政端"

    def ready(self) -> None:
        from city1361.platform.portals.official.registration import register_card
        from city1361.platform.portals.official.terms import HomeCard, Shell

        register_card(
            HomeCard("账号安全", "/me/", "shield-lock", Shell.DESK, text="密码、两步验证、登录的设备", order=900),
        )
