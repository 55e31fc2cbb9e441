"""The words and the pure rules of Causerie. Never does I/O, never reads a clock, never imports Ray."""
