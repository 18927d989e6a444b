"""The one decorator of every write, and the strict base of every input."""
