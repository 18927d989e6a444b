"""The schema of access, step by step."""
