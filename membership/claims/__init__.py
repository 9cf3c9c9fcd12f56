"""Two branches want to follow one person: the second is answered by the committee over both, which names nobody."""
