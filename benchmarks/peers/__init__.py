"""What else one could do: today's practice, brute force, and other libraries, on the same input as ours."""

PATIENCE = 60.0
"""Seconds after which a solver that can be stopped is stopped."""
