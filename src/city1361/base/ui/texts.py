"""Sentences that scripts show. Scripts hold none themselves: the server writes them into the page, translated."""

from __future__ import annotations

from django.utils.translation import gettext as _

_NAMES = (
    "live stale failed offline no_network signed_out busy sending kept arrived storage_full needs_category"
    " needs_description needs_place photo remove_photo not_a_photo locating no_position accuracy place_later"
    " place_located place_unknown place_two place_outside place_chosen"
).split()


def script_texts() -> dict[str, str]:
    """Every sentence by its name, in the language of the request. `{name}` places are filled by the script."""
    sentences = (
        _("实时更新"),
        _("更新已中断，数据截至{time}"),
        _("没有成功，请稍后再试。"),
        _("网络不通，填写的内容仍在，请稍后再试。"),
        _("当前无网络，可照常填报"),
        _("登录已过期，登录后自动上报"),
        _("系统繁忙，稍后自动上报"),
        _("正在补传"),
        _("已保存在本机，有网络时自动上报。"),
        _("{count}条已补传。"),
        _("手机存储空间不足，照片未能保存。请清理后再试。"),
        _("请选择是什么事。"),
        _("请用一句话说明情况。"),
        _("请定位，或选择所在网格。"),
        _("照片{number}"),
        _("删除照片{number}"),
        _("“{name}”不是照片，未添加。"),
        _("正在定位……"),
        _("没有取得位置，请选择所在网格。"),
        _("卫星定位，误差约{metres}米"),
        _("，联网后确定网格"),
        _("已记下位置"),
        _("未选择位置"),
        _("位置在两个网格交界处，请选择一个："),
        _("位置不在本市范围内，请选择所在网格。"),
        _("已选择网格"),
    )
    return dict(zip(_NAMES, sentences, strict=True))
