"""The legal clocks of a case and of a probationary member.

- `clocks`: pure functions, from known days, rules and calendar to the clocks;
- `known`: the days the rows tell of cases and admissions;
- `rows`: the derived rows, so that "overdue" is a question (`models.Deadline`), and their rebuilding;
- `deeds`: extending a clock, moving a case to other rules, recording a day that clocks need.
"""
