"""The papers of a case: which are needed before which stage, which are there, and what is still missing.

A paper is a number, a date, who issued it and where it is kept. Nothing is scanned: dossiers are secret papers
(`requirements.md`, need 5).
"""
