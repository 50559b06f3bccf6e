"""Half a year of invented people in memory, asked by the bot's own rules and, beside it, without.

It exists to look at the defaults before real people have to, and says nothing about real people.
"""
