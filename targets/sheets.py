"""Sheets `So lieu dau nam`, `Chi tieu`, `Ket qua`."""
