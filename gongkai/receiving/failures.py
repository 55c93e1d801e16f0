"""How receiving says no: to whoever pushed, and to whoever runs the server."""


class RefusedError(Exception):
    """A push that is not accepted, or a release that is not shown; the arguments are lines for whoever asked."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class FlawedError(Exception):
    """A commit that cannot be built as it is, whatever its documents say; the arguments are lines for whoever made it."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class SetUpError(Exception):
    """The server is not set up as it must be; `str()` says what to do."""


class NotYetError(Exception):
    """Somebody else is publishing, and the wait is over; nothing was done."""
