"""The verifier that leaves the installation with every export: one file, the standard library alone."""
