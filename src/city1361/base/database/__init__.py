"""数据库: the embedded server, roles, scope binding, partitions, backup."""
