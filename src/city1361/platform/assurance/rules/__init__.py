"""制度规则: what a city decides and may change by decision. So far: its working time."""
