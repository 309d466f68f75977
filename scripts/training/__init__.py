"""How the weights that ship were learned, and how they are measured: on conversations they have not seen."""
