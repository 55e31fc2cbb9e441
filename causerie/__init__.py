"""The composition root: settings, wiring, command line. The only package that knows all others."""
