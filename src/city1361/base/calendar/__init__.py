"""工作日历: which minutes of which day are worked, and what that makes of a time limit."""
