"""Lists, filters, counts, figures and exports at every level."""
