"""The screens on which posts are given, ended, lent, and offices telephoned."""
