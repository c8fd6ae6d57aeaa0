"""What the ledger refuses, each as a kind of its own, so that a door can answer it rightly."""


class Refused(Exception):  # noqa: N818
    """Something the ledger does not do; nothing was changed. ``code`` names why and never changes."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Missing(Refused):
    """No such record, or none that the asker may know of."""


class Stale(Refused):
    """The record has changed since the asker saw it."""


class Taken(Refused):
    """Somebody else was promised the last of it."""


class Unfit(Refused):
    """The placement is in a state in which this cannot happen."""


class Erased(Refused):
    """The caller's key is gone, and with it all that could be read of them."""


class Repeated(Refused):
    """An idempotency key came back with another request."""


class Busy(Refused):
    """The database did not answer in time; the same request may be sent again."""


class Malformed(Refused):
    """What was sent is not what can be kept; the sentence says what can, and repeats nothing that tells of a caller."""


class Stranger(Refused):
    """Whoever asks is not known: no such login and password, or a token that is over."""


class Throttled(Refused):
    """Whoever asks has tried too often; ``seconds``: till it may be tried again."""

    def __init__(self, code: str, sentence: str, seconds: int) -> None:
        super().__init__(code, sentence)
        self.seconds = seconds


class Denied(Refused):
    """Whoever asks is known and may not: by their role, without a reason, or without the caller's consent."""
