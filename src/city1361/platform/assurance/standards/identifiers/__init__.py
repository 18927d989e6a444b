"""National identifiers, checked by their published algorithms."""
