"""What is kept: ports, their SQL and Redis implementations, and in-memory twins that pass the same contract suites."""
