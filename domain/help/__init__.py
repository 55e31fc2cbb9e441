"""The help centre: what it holds, how its text is read, and how a question finds its article. No I/O, no clock, no chance."""
