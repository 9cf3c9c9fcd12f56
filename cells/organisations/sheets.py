"""Sheets `To chuc` and `Sap xep`."""
