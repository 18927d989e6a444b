"""Layout, components and words that every page shares."""
