"""The recognisers, and the choice between them."""
