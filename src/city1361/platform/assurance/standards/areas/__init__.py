"""Areas of the city: stable ids, dated codes, dated places in two trees, shapes."""
