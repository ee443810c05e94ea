"""Sources that are fetched from an API, on dlt's REST source: one module per system."""
