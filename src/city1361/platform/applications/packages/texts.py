"""The English of what only the terminal says of packages; what pages say too stands in their catalogue."""

from __future__ import annotations

from city1361.base.kernel.terminal import add_english

ENGLISH = {
    "请核对以上权限；同意请加上--accept再次安装": "Look at the permissions above; to agree, install again with --accept",
    "未变化": "unchanged",
    "未安装": "not installed",
    "已下线": "withdrawn",
    "第{number}版": "edition {number}",
    "权限": "permission",
    "（新）": " (new)",
}

add_english(ENGLISH)
