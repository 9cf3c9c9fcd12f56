"""Why a unit missed its quota of a year, by the list of reasons (C3)."""
