"""Sentences that scripts show. Scripts hold none themselves: the server writes them into the page, translated."""

from __future__ import annotations

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    """Every sentence by its name, in the language of the request. `{name}` places are filled by the script."""
    return {
        "live": _("实时更新"),
        "stale": _("更新已中断，数据截至{time}"),
        "failed": _("没有成功，请稍后再试。"),
        "offline": _("网络不通，填写的内容仍在，请稍后再试。"),
        "no_network": _("当前无网络，可照常填报"),
        "signed_out": _("登录已过期，登录后自动上报"),
        "busy": _("系统繁忙，稍后自动上报"),
        "sending": _("正在补传"),
        "kept": _("已保存在本机，有网络时自动上报。"),
        "arrived": _("{count}条已补传。"),
        "recorded": _("已记录。"),
        "visit": _("走访"),
        "storage_full": _("手机存储空间不足，照片未能保存。请清理后再试。"),
        "needs_category": _("请选择是什么事。"),
        "needs_description": _("请用一句话说明情况。"),
        "check_answer": _("请核对“{label}”。"),
        "check_answers": _("有几项填写有误，请核对。"),
        "needs_place": _("请定位，或选择所在网格。"),
        "photo": _("照片{number}"),
        "remove_photo": _("删除照片{number}"),
        "not_a_photo": _("“{name}”不是照片，未添加。"),
        "locating": _("正在定位……"),
        "no_position": _("没有取得位置，请选择所在网格。"),
        "accuracy": _("卫星定位，误差约{metres}米"),
        "place_other": _("，不在本网格"),
        "place_later": _("，联网后确定网格"),
        "place_located": _("已记下位置"),
        "place_unknown": _("未选择位置"),
        "place_two": _("位置在两个网格交界处，请选择一个："),
        "place_outside": _("位置不在本市范围内，请选择所在网格。"),
        "place_chosen": _("已选择网格"),
    }
