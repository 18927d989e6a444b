"""Values and rules every module may use: ids, clock, problems, who acts, what may be seen, registrations."""
