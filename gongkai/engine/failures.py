"""How a build says that it stopped."""


class BuildFailedError(Exception):
    """The build stopped and changed nothing; `str()` says why, `exit_code` whether documents are to blame (1) or not (2)."""

    def __init__(self, message: str, *, is_content: bool = False) -> None:
        super().__init__(message)
        self.exit_code = 1 if is_content else 2
