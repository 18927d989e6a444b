"""From a DMN file, written by anybody, to a decision table. Pure."""
