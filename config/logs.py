"""What may stand in the server's own output."""

import logging


class PathOnly(logging.Filter):
    """Cuts the query off a request line: a search for a name must not stay in the server's output."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.server" and isinstance(record.args, tuple) and record.args:
            first = record.args[0]
            if isinstance(first, str) and "?" in first:
                head, _, rest = first.partition("?")
                protocol = rest.rpartition(" ")[2]
                record.args = (f"{head} {protocol}", *record.args[1:])
        return True
