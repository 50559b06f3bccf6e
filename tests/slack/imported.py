"""What the server imports from which the program's processes are forked."""

import gc

import alembic.config
import alembic.runtime.migration
import alembic.script
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite
import uvloop

import bot.__main__
import bot.doctor
import bot.runtime
import tests.slack.steps

# Walking through it once more in each process would copy all its pages.
gc.freeze()
