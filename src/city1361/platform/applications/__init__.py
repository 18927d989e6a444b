"""横4 业务应用: the declared applications."""
