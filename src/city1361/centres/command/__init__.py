"""一键智达: whistles and assisting tasks."""
