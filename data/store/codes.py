"""Codes that are spoken: six letters, consonant and vowel by turns, as an anonymous caller can say them on arrival."""

import secrets

CONSONANTS = "BDFGKLMNPRSTVZ"
VOWELS = "AEIOU"
SYLLABLES = tuple(consonant + vowel for consonant in CONSONANTS for vowel in VOWELS)
MANY = len(SYLLABLES)


def spoken_code() -> str:
    """Return six letters by chance, one of 343,000."""
    first, rest = divmod(secrets.randbelow(MANY**3), MANY**2)
    return SYLLABLES[first] + SYLLABLES[rest // MANY] + SYLLABLES[rest % MANY]
