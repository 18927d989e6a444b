"""查重, 合并, 拆分: what may be the same matter, and what a merged report's reporter may know."""
