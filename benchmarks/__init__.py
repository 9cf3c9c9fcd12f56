"""Speed as ratios to a stated floor in the same run; never a timed test. `make bench` fails where one is missed."""
