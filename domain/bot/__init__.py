"""The bot: flows, their checks, and the interpreter as a pure machine. No I/O, no clock, no chance."""
