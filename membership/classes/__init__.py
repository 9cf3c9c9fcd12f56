"""Awareness classes that were announced: for whom, from when to when (rosters and certificates are not kept here)."""
