"""Reading what a bench measured: scores against the truth, figures and tables."""
