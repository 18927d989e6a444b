"""存证: a log of every action that cannot be altered unseen."""
