"""What each sign is called, and what it means with the thresholds of its day."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from city1361.centres.supervision.terms import Sign

LABELS = {
    Sign.NEAR_DUE_CLOSING: "临近到期集中办结",
    Sign.BULK_CLOSING: "短时间批量办结",
    Sign.DAY_END_CLOSING: "日末集中办结",
    Sign.MONTH_END_CLOSING: "月末集中办结",
    Sign.INSTANT_CLOSING: "上报后立即办结",
    Sign.REPEATED_PHOTO: "照片重复使用",
    Sign.COPIED_TEXT: "办结说明雷同",
    Sign.REFUSAL_RISE: "不予受理突增",
    Sign.VOID_RISE: "作废突增",
    Sign.SELF_CLOSING_SHARE: "自报自结占比高",
    Sign.EXTENSION_BUNCH: "临近到期集中延期",
    Sign.SPLIT_REPORT: "一件拆成多件",
}
DEFINITIONS = {
    Sign.NEAR_DUE_CLOSING: "同一单位当日在总时限前{near_due_minutes}分钟内办结的达{least}件，且占当日办结的{share}%以上。",
    Sign.BULK_CLOSING: "同一单位在{bulk_minutes}分钟内办结达{bulk_count}件。",
    Sign.DAY_END_CLOSING: "同一单位当日{day_end_hour}时以后办结的达{least}件，且占当日办结的{share}%以上。",
    Sign.MONTH_END_CLOSING: "同一单位月末最后一日办结达{least}件，且达本月其余各日日均的{times}倍。",
    Sign.INSTANT_CLOSING: "同一单位当日上报后{instant_minutes}分钟内即办结的达{least}件。",
    Sign.REPEATED_PHOTO: "当日上传的照片与另一事件的照片图像指纹相同。",
    Sign.COPIED_TEXT: "同一单位当日{text_count}件以上的办结说明一字不差（{text_length}字以上，空白不计）。",
    Sign.REFUSAL_RISE: "同一治理中心一周不予受理达{least}件，且达前四周周均的{times}倍。",
    Sign.VOID_RISE: "同一治理中心一周作废达{least}件，且达前四周周均的{times}倍。",
    Sign.SELF_CLOSING_SHARE: "同一单位一周自报自结达{least}件，且占本周办结的{self_share}%以上。",
    Sign.EXTENSION_BUNCH: "同一单位当日在总时限前{near_due_minutes}分钟内延期的达{least}件。",
    Sign.SPLIT_REPORT: "一件上报当日拆成{split_count}件以上。",
}


def definition(sign: Sign, thresholds: Mapping[str, int]) -> str:
    """The definition with the thresholds that held."""
    return _(DEFINITIONS[sign]).format(**thresholds)
