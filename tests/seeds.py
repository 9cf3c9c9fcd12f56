"""What the migrations put into the database, for after a test that commits: such a test empties every table."""

import pytest

_KEPT = pytest.StashKey[str]()


def keep(config: pytest.Config) -> None:
    """Remember the database as the migrations made it."""
    from django.db import connection

    config.stash[_KEPT] = connection.creation.serialize_db_to_string()


def put_back(config: pytest.Config) -> None:
    """The database as it was remembered, whatever was committed since; nothing where none was."""
    from django.core.management import call_command
    from django.db import connection

    if _KEPT in config.stash:
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(config.stash[_KEPT])
