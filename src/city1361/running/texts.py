"""What `city1361 run` says, in the language of the terminal. Chinese is the original, English stands beside it."""

from __future__ import annotations

import os
from functools import cache

ENGLISH = {
    "检查运行环境": "Check the machine",
    "准备数据目录": "Prepare the data folder",
    "启动数据库": "Start the database",
    "迁移数据库": "Migrate the database",
    "载入城市": "Load the city",
    "建立演示账号": "Make the demonstration accounts",
    "启动服务": "Start the services",
    "载入演示数据": "Load demonstration rows",
    "停止服务": "Stop the services",
    "停止数据库": "Stop the database",
    "未变化，跳过": "unchanged, skipped",
    "外部数据库": "external database",
    "秒": "s",
    "失败": "failed",
    "已就绪": "Ready",
    "演示账号": "Demonstration accounts",
    "身份": "Role",
    "用户名": "User name",
    "密码": "Password",
    "密码仅用于本次安装，保存在 {path}": "The passwords belong to this installation only and are kept in {path}",
    "按 Ctrl-C 停止": "Press Ctrl-C to stop",
    "正在停止…": "Stopping…",
    "已全部停止": "Everything has stopped",
    "{name} 意外退出（{status}），{wait:.1f} 秒后重新启动；日志：{log}": (
        "{name} ended unexpectedly ({status}); it starts again in {wait:.1f} s; log: {log}"
    ),
    "{name} 已重新启动": "{name} is running again",
    "数据库意外退出，正在恢复；日志：{log}": "The data base ended unexpectedly and is being recovered; log: {log}",
    "数据库已恢复": "The data base is running again",
    "后台载入演示数据：{done}/{total}": "Loading demonstration rows in the background: {done}/{total}",
    "演示数据已载入": "Demonstration rows are loaded",
    "演示数据载入失败，下次启动时继续；日志：{log}": (
        "Demonstration rows could not all be loaded; the next start goes on with them; log: {log}"
    ),
    # Refusals: what is wrong, and what to do.
    "不支持的操作系统：{system}": "This operating system is not supported: {system}",
    "请在 Linux 或 macOS 上运行": "Run it on Linux or macOS",
    "数据目录 {path} 正在被另一个进程使用（{holder}）": "The data folder {path} is in use by another ({holder})",
    "请先停止它，或用 --data 指定另一个目录": "Stop it first, or name another folder with --data",
    "无法使用数据目录 {path}：{reason}": "The data folder {path} cannot be used: {reason}",
    "请检查权限，或用 --data 指定另一个目录": "Check its permissions, or name another folder with --data",
    "目录不是空的，也不是本系统的数据目录": "the folder is not empty and not a data folder of this system",
    "端口 {port} 已被占用": "Port {port} is taken",
    "请用 --port 指定另一个端口（其后两个端口也须空闲）": "Choose another with --port (the next two must be free too)",
    "“{step}”失败（退出码 {status}）": "“{step}” failed (exit status {status})",
    "请查看日志 {log}": "See the log {log}",
    "{name} 在 {seconds} 秒内没有就绪": "{name} was not ready within {seconds} s",
    "磁盘空间不足：{path} 仅剩 {free} MB，至少需要 {needed} MB": (
        "Too little disk space: {path} has {free} MB left, {needed} MB are needed"
    ),
    "请清理磁盘，或用 --data 指定另一个目录": "Free some space, or name another folder with --data",
}


@cache
def chinese() -> bool:
    """Whether the terminal's language is Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].lower().startswith("zh")
    return False


def tell(text: str, **places: object) -> str:
    """`text` (zh-Hans, with `{name}` places) in the language of the terminal."""
    return (text if chinese() else ENGLISH.get(text, text)).format(**places)
