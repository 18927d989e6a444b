"""The schema of execution, step by step."""
