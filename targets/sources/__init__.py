"""Còn nguồn, hết nguồn: said by a unit for a year with its reason, accepted or refused above (C6)."""
