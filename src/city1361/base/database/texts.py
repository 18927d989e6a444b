"""The English of what this module tells the operator."""

from __future__ import annotations

from city1361.base.kernel.terminal import add_english

REFUSALS = {
    "没有适合本机的内置 PostgreSQL": "There is no embedded PostgreSQL for this machine",
    "请用 DATABASE_URL 和 DATABASE_OWNER_URL 指定一个 PostgreSQL（16 及以上）": (
        "Name a PostgreSQL (16 or newer) with DATABASE_URL and DATABASE_OWNER_URL"
    ),
    "没有内置的 PostgreSQL {major}，现有：{majors}": "PostgreSQL {major} is not bundled; there are: {majors}",
    "请用仍带有它的 city1361 版本运行 city1361 database upgrade": (
        "Run city1361 database upgrade with a version of city1361 that still brings it"
    ),
    "{program} 失败（{status}）：{error}": "{program} failed ({status}): {error}",
    "本机没有 {program}": "This machine has no {program}",
    "请安装 PostgreSQL 客户端（版本不低于服务器）": "Install the PostgreSQL client, no older than the server",
    "无法使用数据目录 {folder}：{reason}": "The data folder {folder} cannot be used: {reason}",
    "请检查权限，或用 --data 指定另一个目录": "Check its permissions, or name another folder with --data",
    "以 root 运行时数据库由账号“{account}”运行，但它无法进入 {folder}": (
        "As root the database runs as the account {account}, which may not pass through {folder}"
    ),
    "请用 --data 指定它能进入的目录，或以普通用户运行": (
        "Name a folder it can enter with --data, or run as an ordinary user"
    ),
    "目录 {folder} 不属于本系统": "The folder {folder} does not belong to this system",
    "请移走它，或用 --data 指定另一个目录": "Move it away, or name another folder with --data",
    "数据库目录 {folder} 正在被另一个进程使用": "The database folder {folder} is in use by another process",
    "请先停止它，或用 --data 指定另一个目录": "Stop it first, or name another folder with --data",
    "数据目录属于 PostgreSQL {marked}，当前程序是 PostgreSQL {major}": (
        "The data folder belongs to PostgreSQL {marked}, and this program is PostgreSQL {major}"
    ),
    "请先备份，然后运行 city1361 database upgrade": "Make a backup, then run city1361 database upgrade",
    "数据库未能启动：\n{log}": "The database did not start:\n{log}",
    "请查看日志 {path}": "See the log {path}",
    "端口 {port} 已被占用": "Port {port} is taken",
    "请指定另一个端口": "Name another port",
    "上次异常退出的数据库进程仍未结束": "Processes of a database that crashed are still there",
    "请稍后再试": "Try again in a moment",
    "数据库没有运行": "The database is not running",
    "请先启动，再备份": "Start it first, then make the backup",
    "数据库正在运行": "The database is running",
    "请先停止，再升级": "Stop it first, then upgrade",
    "数据目录已是 PostgreSQL {major}，无需升级": "The data folder is already PostgreSQL {major}",
    "已有旧目录 {kept}": "There is an old folder already: {kept}",
    "请先移走它": "Move it away first",
    "升级失败，旧数据未动：{error}": "The upgrade failed and the old data were not touched: {error}",
    "目录 {folder} 不是空的": "The folder {folder} is not empty",
    "请指定一个空目录": "Name an empty one",
    "备份中的文件 {name} 不完整": "The file {name} of the backup is not whole",
    "备份 {folder} 不完整或已改动": "The backup {folder} is not whole, or was altered",
    "请换一份备份": "Use another backup",
    "备份已加密": "The backup is encrypted",
    "请用 --passphrase-file 给出口令文件": "Name the file of its passphrase with --passphrase-file",
    "口令不对，或备份已损坏": "The passphrase is wrong, or the backup is damaged",
    "请核对口令文件": "Check the file of the passphrase",
    "口令文件 {file} 是空的": "The file of the passphrase, {file}, is empty",
    "请写入一个足够长的口令": "Write a passphrase of some length into it",
    "{folder} 中没有内置数据库": "There is no embedded database in {folder}",
    "请用 CITY1361_DATA 指定数据目录；外部 PostgreSQL 请用它自己的工具": (
        "Name the data folder with CITY1361_DATA; for an external PostgreSQL use its own tools"
    ),
    "{name} 未设置": "{name} is not set",
    "请同时设置 DATABASE_URL（应用）和 DATABASE_OWNER_URL（迁移）": (
        "Set both: DATABASE_URL (application) and DATABASE_OWNER_URL (migrations)"
    ),
    "{name} 不是 PostgreSQL 地址": "{name} is not a PostgreSQL address",
    "格式：postgresql://用户:密码@主机:端口/数据库": "Its form is postgresql://user:password@host:port/database",
    "无法连接 {name}：{reason}": "Cannot connect to {name}: {reason}",
    "请检查地址、密码和数据库是否在运行": "Check the address and the password, and that the database runs",
    "PostgreSQL {version} 太旧": "PostgreSQL {version} is too old",
    "请使用 16 及以上版本": "Use version 16 or newer",
    "数据库的编码是 {encoding}": "The encoding of the database is {encoding}",
    "请用 ENCODING 'UTF8' 新建数据库": "Make the database with ENCODING 'UTF8'",
    "两个地址不是同一个数据库": "The two addresses are not the same database",
    "请让 DATABASE_URL 和 DATABASE_OWNER_URL 指向同一个数据库": (
        "Let DATABASE_URL and DATABASE_OWNER_URL name the same database"
    ),
    "角色 {role} 不能在 public 模式中建表": "The role {role} may not make tables in the schema public",
    "请让它成为数据库的所有者：ALTER DATABASE … OWNER TO {role}": (
        "Make it the owner of the database: ALTER DATABASE … OWNER TO {role}"
    ),
    "应用角色 {role} 能绕过行级安全：{reason}": "The application role {role} can pass row security: {reason}",
    "请使用另建的普通角色：NOSUPERUSER NOBYPASSRLS，不属于迁移角色，不拥有任何东西": (
        "Use an ordinary role of its own: NOSUPERUSER NOBYPASSRLS, no member of the owner, owning nothing"
    ),
    "{folder} 不是变更归档目录": "{folder} is no folder of followed changes",
    "请核对目录": "Check the folder",
    "{folder} 中缺少变更段 {name}": "The segment {name} is missing in {folder}",
    "请换一份更新的备份": "Use a newer backup",
    "变更归档未到 {to}": "The changes kept do not reach {to}",
    "请指定更早的时刻，或省略 --to 恢复到最后一次变更": "Name an earlier moment, or leave out --to for the last change kept",
    "恢复到某一时刻需要变更归档": "To restore to a moment the followed changes are needed",
    "请用 --changes 指定目录": "Name their folder with --changes",
    "密钥来自{source}，无法代为更换": "The key comes from the {source} and cannot be changed for you",
    "请把密钥放入文件，用 PERSONAL_DATA_KEY_FILE 指定": "Put it into a file and name that with PERSONAL_DATA_KEY_FILE",
    "{path} 中没有密钥": "There is no key in {path}",
}
STEPS = {
    "新密钥已备好。请重启全部进程，再运行 city1361 keys rotate": (
        "A new key is prepared. Restart every process, then run city1361 keys rotate"
    ),
    "新密钥已启用。请重启全部进程，再运行 city1361 keys reseal": (
        "The new key seals from now on. Restart every process, then run city1361 keys reseal"
    ),
    "已重新加密 {count} 项": "{count} values sealed anew",
    "共 {count} 个密钥": "{count} keys",
    "旧密钥已移除；仍需旧密钥才能打开此前的备份，请与备份一并另行保存": (
        "The old keys are gone; backups made before still need them: keep them apart, with those backups"
    ),
    "盲索引未更新：{count}": "Blind indexes of an old key: {count}",
    "{count} 项不知用途，无法重新加密": "{count} values whose purpose nobody knows, not sealed anew",
    "旧密钥下已没有数据": "Nothing stands under an old key any more",
    "启动副本": "Start the copy",
    "核验存证": "Verify evidence",
    "恢复到的最后一次变更：{moment}": "The last change that came back: {moment}",
    "距最后一次恢复的变更": "since the last change that came back",
    "核验另用": "verified in another",
    "演练失败：存证核验未通过": "The drill failed: evidence does not hold",
    "演练通过": "The drill passed",
    "复制数据库": "Copy the database",
    "核对副本": "Verify the copy",
    "核对备份": "Verify the backup",
    "写入归档": "Write the archive",
    "展开归档": "Unpack the archive",
    "恢复": "Recover",
    "已备份并核对：{folder}": "Backed up and verified: {folder}",
    "已恢复到 {folder}；启动：city1361 run --data {folder}": (
        "Restored to {folder}. Start it with: city1361 run --data {folder}"
    ),
    "已升级；旧数据保留在 {folder}": "Upgraded; the old data are kept in {folder}",
    "已迁移，新建分区 {made} 个": "Migrated, {made} partitions made",
    "运行中，进程 {pid}": "running, process {pid}",
    "已停止": "stopped",
    "外部数据库": "external database",
    "秒": "s",
}
DOCTOR = {
    "（空）": "(empty)",
    "{name} 为 {actual}，应为 {needed}": "{name} is {actual} and should be {needed}",
    "请设置 {name} = {needed}": "Set {name} = {needed}",
    "PostgreSQL {version}，持久性设置齐全": "PostgreSQL {version} keeps what it acknowledges",
    "请使用普通角色": "Use an ordinary role",
    "应用角色 {name} 能绕过行级安全": "The application role {name} can pass row security",
    "应用角色 {name} 拥有 {owned} 张表": "The application role {name} owns {owned} tables",
    "表应属于另一个角色": "Tables should belong to another role",
    "两个数据库地址是同一个角色": "Both database addresses name the same role",
    "迁移和应用应使用不同角色": "Migrations and the application need different roles",
    "应用角色 {name} 权限恰当": "The application role {name} has the rights it needs and no more",
    "{name} 未强制行级安全": "Row security is not forced on {name}",
    "分区 {name} 可被直接访问": "The partition {name} can be reached directly",
    "请重新运行迁移": "Run the migrations again",
    "行级安全已强制": "Row security is forced",
    "{name} 的默认分区中有数据": "Rows stand in the default partition of {name}",
    "这些月份没有自己的分区；请检查定期任务和主机时钟": (
        "Those months have no partition of their own; look at the periodic jobs and the host's clock"
    ),
    "分区齐备": "Partitions are made ahead",
    "有 {count} 个迁移尚未执行": "{count} migrations are pending",
    "请运行 city1361 database migrate": "Run city1361 database migrate",
    "迁移已全部执行": "All migrations are applied",
    "时钟": "clock",
    "本机与数据库时钟相差 {apart:.1f} 秒": "The clocks of this machine and of the database are {apart:.1f} s apart",
    "请校时（NTP）": "Set the clocks (NTP)",
    "时钟一致": "The clocks agree",
    "{name} 太短或未设置": "{name} is too short or not set",
    "至少 {weak} 个随机字符": "At least {weak} random characters",
    "密钥长度足够": "The secrets are long enough",
    "设置": "settings",
    "调试模式已打开": "Debug mode is on",
    "服务中请关闭": "Turn it off in service",
    "检查 {name} 未能完成：{error}": "The check {name} could not be done: {error}",
    "请查看数据库是否可用": "See whether the database can be reached",
}


def declare() -> None:
    """Make the English known to the terminal."""
    for texts in (REFUSALS, STEPS, DOCTOR):
        add_english(texts)
