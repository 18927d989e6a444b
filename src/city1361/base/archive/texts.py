"""The English of what the archive says at the terminal."""

from __future__ import annotations

from city1361.base.kernel.terminal import add_english

ENGLISH = {
    "{count} 个月份可以归档：{months}": "{count} months are old enough to be archived: {months}",
    "归档 {count} 次，清单齐全": "{count} archived parts, their manifests as recorded",
    "归档文件 {path} 缺失或已被改动": "The archived file {path} is missing or was altered",
    "请从另存的副本取回该文件；数据库中的数据没有改动": "Fetch the file from the copy you keep elsewhere; nothing in the data base was changed",
    "月份 {text} 应写成 2026-01 的样子": "Write the month {text} like 2026-01",
    "{month} 还不到归档时间：须满 {months} 个月": "{month} is too young: {months} months must have passed",
    "{month} 没有可以归档的数据": "Nothing of {month} may go",
    "{month} 已经清出": "{month} is cleared already",
    "{month} 的数据在写出之后有变化（{table}）": "Rows of {month} have changed since they were written ({table})",
    "请重新写出：city1361 archive write {month}": "Write them anew: city1361 archive write {month}",
    "{month} 的数据就在数据库中": "The rows of {month} are in the data base",
    "{month} 的数据无法原样恢复到 {table}，没有改动任何数据": "The rows of {month} cannot go back into {table} as they were; nothing was changed",
    "归档中的列 {column} 在现在的表 {table} 中没有或类型不同": "The archived column {column} is not in table {table} of today, or has another type",
    "请用写出该归档的版本恢复，再升级": "Restore with the version that wrote it, then upgrade",
}

add_english(ENGLISH)
