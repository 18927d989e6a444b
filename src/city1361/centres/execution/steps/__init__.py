"""One step: who may, what follows, and its writing in one call."""
