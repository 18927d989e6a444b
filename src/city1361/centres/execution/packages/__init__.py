"""What application packages and the instance bring: types, forms, pages, scenarios."""
