"""What an event makes of an instance. Pure: facts in, a plan out."""
