"""一屏掌控: counters of matters and visits, the figures made of them, boards."""
