"""What the server imports from which the program's processes are forked."""

import gc
from importlib import import_module

for _name in (
    "alembic.config",
    "alembic.runtime.migration",
    "alembic.script",
    "bot.__main__",
    "bot.backup_commands",
    "bot.doctor",
    "bot.runtime",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "tests.slack.steps",
    "uvloop",
):
    import_module(_name)
# Walking through it once more in each process would copy all its pages.
gc.freeze()
