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
    "没有应用包“{path}”": "There is no package {path}",
    "请核对路径或包的编号": "Check the path or the package's id",
    "“{id}”不能作为应用包编号": "{id} is no id of a package",
    "写成<系统>/<名称>，系统为：{known}": "Write <system>/<name>; the systems are: {known}",
    "“{path}”已存在": "{path} is there already",
    "请另取名称": "Choose another name",
    "需要先安装：{lacking}": "It needs: {lacking}",
    "请先安装这些应用包": "Install these packages first",
    "应用包互相使用：{circle}": "Packages use one another in a circle: {circle}",
    "请去掉其中一处使用": "Take one of the uses away",
    "应用包正被使用：{users}": "The package is used by: {users}",
    "请先下线使用它的应用包": "Withdraw the packages that use it first",
    "类型代码“{code}”已属于应用包“{package}”": "The type {code} belongs to the package {package}",
    "请另取代码": "Choose another code",
    "“{name}”需要应用包“{lacking}”": "{name} needs the package {lacking}",
    "应用包“{name}”登记了两次": "The package {name} is listed twice",
    "请同时登记它": "List it too",
    "安装应用包": "Installing packages",
}

add_english(ENGLISH)
