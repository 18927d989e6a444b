"""Other ways in: 补录, pasted chat text, places found by words."""
