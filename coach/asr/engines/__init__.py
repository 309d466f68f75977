"""Speech recognition engines, and the choice between them."""
