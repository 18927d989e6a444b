"""What happened, for those who listen: events, reactions, jobs and live streams."""
