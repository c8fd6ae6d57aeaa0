"""When two ways of writing stand for the same person: phone numbers as dialed, and names as they sound."""

import re
import unicodedata

import jellyfish
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from .errors import Malformed

REGION = "US"
"""Numbers without a country's code are of this region."""
SPANISH = (
    (r"^j|^x|^g(?=[ei])", "h"),
    (r"qu|q|c(?![eihk])|ck", "k"),
    (r"[cz](?=[ei])|z", "s"),
    (r"v", "b"),
    (r"ll|y", "i"),
    (r"(?<!c)h", ""),
)
"""Letters that sound alike in Spanish names, as Vásquez and Bazques, Hernández and Ernandes, Javier and Xavier."""

APOSTROPHES = "'`\u2019"


def e164(phone: str) -> str:
    """Return a phone number in the one international form. Raises ``Malformed``, which does not repeat the number."""
    try:
        number = phonenumbers.parse(phone, REGION)
    except NumberParseException:
        number = None
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise Malformed("phone", "a phone number has an area code, or + and the code of its country")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def sounds(name: str) -> set[str]:
    """Return how each part of a name sounds, in English by two measures and in Spanish; initials are left out.

    Letters of other scripts than Latin stand for themselves.
    """
    found = set()
    for part in _parts(name):
        if part.isascii():
            found |= {f"m{jellyfish.metaphone(part)}", f"x{jellyfish.soundex(part)}", f"s{_spanish(part)}"}
        else:
            found.add(f"={part}")
    return found


def _parts(name: str) -> list[str]:
    """Split a name; marks on letters and apostrophes go, so that Peña is Pena and O'Neil is Oneil."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter) and letter not in APOSTROPHES)
    words = re.findall(r"[^\W\d_]+", plain)
    return [word for word in words if len(word) > 1 or not word.isascii()]


def _spanish(part: str) -> str:
    for letters, sound in SPANISH:
        part = re.sub(letters, sound, part)
    return re.sub(r"(.)\1+", r"\1", part[:1] + re.sub(r"[aeiou]", "", part[1:]))
