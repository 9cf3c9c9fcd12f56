"""Votes on people: who is counted (`base`), what was voted (`models`), the meeting (`hold`), and its correction."""
