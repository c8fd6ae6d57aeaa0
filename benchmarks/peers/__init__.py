"""What else one could do: today's practice, brute force, and another library, on the same input as ours."""
