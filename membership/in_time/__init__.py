"""«Còn kịp trước 31/12»: on which day each open case can count as an admission, lawfully at the earliest and as usual.

`way.py` is pure: facts and rules in, days out. `pace.py` measures what stages usually take, `asking.py` reads facts of
many cases in a fixed number of queries, `told.py` says it in words.
"""
