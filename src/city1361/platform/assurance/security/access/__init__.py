"""What somebody may do and see now, and the edge at which every request is asked."""
