"""The demonstration's day: synthetic people who work through the product's own actions."""
