"""The people around a case: who helps, who introduces, whom a verification asks, whose opinion is taken.

Of relatives only the relation is kept, no name (`requirements.md`: no more fields than needed).
"""
