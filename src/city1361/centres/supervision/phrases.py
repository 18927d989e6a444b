"""Sentences that are kept in the history of a matter: one wording, whoever reads them."""

LIFTED = "{label}解除：{words}"
NOT_REACHED = "未联系上。{words}"
UNREASONABLE = "认定为不合理诉求：{words}"
