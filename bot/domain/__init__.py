"""The rules, pure: no clock, no chance, no input or output. `now` is always a parameter."""
