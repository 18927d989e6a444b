"""From a BPMN file, written by anybody, to elements that may be run. Pure."""
