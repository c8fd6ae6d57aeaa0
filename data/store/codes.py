"""Codes that are spoken: six letters, consonant and vowel by turns, as an anonymous caller can say them on arrival."""

import secrets

CONSONANTS = "BDFGKLMNPRSTVZ"
VOWELS = "AEIOU"
SYLLABLES = 3


def spoken_code() -> str:
    """Return six letters by chance, one of 343,000."""
    return "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES))
