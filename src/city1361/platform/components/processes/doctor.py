"""Whether processes move by themselves: overdue timers, services that were given up."""

from __future__ import annotations

from datetime import timedelta

from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.registry import Finding
from city1361.platform.components.processes.models import ProcessTimer, ServiceRequest

LATE = timedelta(minutes=5)
BY = By.system("流程", channel="command")


def findings() -> list[Finding]:
    with database.scoped(registry.scope_of(BY)):
        late = ProcessTimer.objects.filter(due_at__lt=clock.now() - LATE).count()
        dead = ServiceRequest.objects.filter(dead=True).count()
    found = []
    if late:
        remedy = "请检查后台任务是否运行；原因见流程定时器的“未成原因”"
        found.append(Finding("warn", f"{late}个流程定时器已过期五分钟以上未触发", remedy=remedy))
    if dead:
        remedy = "请排除原因后运行 city1361 process retry-services"
        found.append(Finding("warn", f"{dead}个服务调用多次失败，已放弃", remedy=remedy))
    return found or [Finding("ok", "流程定时器和服务调用正常")]
