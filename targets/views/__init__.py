"""The screens on which figures are entered, and the programmes."""
