"""Mass organisations and training centres: attached to a unit, never in the tree or its totals."""
