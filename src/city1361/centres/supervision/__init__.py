"""一览无余: what urges work on, instructions, return visits."""
