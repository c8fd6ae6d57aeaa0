"""What every answer says of itself."""

from matcher.rule import Sentence

NOTICE: Sentence = {
    "en": "Not clinical advice. The facility decides on admission.",
    "es": "No es consejo clínico. El centro decide sobre el ingreso.",
}
