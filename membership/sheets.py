"""Sheets `Dang vien` and `Quan chung`."""
