"""一贯到底 execution: the matter (事件), from report to close."""
