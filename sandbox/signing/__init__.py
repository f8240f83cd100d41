"""What every stand-in of a signature provider has in common: the seal, the signing pages, the deliveries
of callbacks and what a test may order to go wrong with them. Each stand-in keeps its own words."""
