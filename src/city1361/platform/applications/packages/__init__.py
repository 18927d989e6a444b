"""业务应用包: declared application packages, checked, installed and shown. They are data; nothing of theirs is run."""
