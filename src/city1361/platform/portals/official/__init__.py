"""渝快政: the officials' end. Home by role."""
