"""Members: who is in, in which unit, with which standing, from when to when."""
