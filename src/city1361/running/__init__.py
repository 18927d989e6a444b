"""One installation on one machine: what `city1361 run` starts, watches and stops."""
