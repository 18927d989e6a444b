"""Old months as Parquet, and back."""
