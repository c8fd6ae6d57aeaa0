"""How many of something there are, as a person reads it in English."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which is said in the singular: 1 placement, 0 placements, 2 facilities."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"
