"""The schema of processes, step by step."""
