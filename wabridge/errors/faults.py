"""What this program, its disk or the outside cannot do, and what cannot be understood."""


class WabridgeError(Exception):
    """Anything wabridge raises on purpose."""

    retryable = False
    public = False


class StartError(WabridgeError):
    """The program cannot start; the sentence tells the operator why."""

    public = True


class SettingsError(StartError):
    """A setting or a secret is wrong."""


class AlreadyRunning(StartError):
    """Another process serves from this data folder."""


class WrongKey(StartError):
    """The key does not open what is there."""


class PlaintextDatabase(StartError):
    """The database file is not encrypted."""


class NewerSchema(StartError):
    """A newer wabridge has written this database."""


class OlderSchema(StartError):
    """An older wabridge works with this database at this moment."""


class BackupUnusable(StartError):
    """A backup file cannot be read, or its parts do not belong together."""


class StorageError(WabridgeError):
    """The disk did not do what was asked."""


class StorageUnavailable(StorageError):
    """Storage is full, busy, read-only or failing; nothing was changed."""

    retryable = True


class StorageDamaged(StorageError):
    """The database file is corrupt."""


class FileDamaged(StorageError):
    """A file in the vault is not as it was written, or gone."""


class ConstraintViolated(StorageError):
    """A row contradicts the schema."""


class MalformedEvent(WabridgeError):
    """One item of a webhook cannot be applied."""


class CertificateNotMade(WabridgeError):
    """A certificate or its bundle could not be made."""

    public = True


class NotFetched(WabridgeError):
    """A file could not be fetched. reason: a word of `model.media.Reason`; code: Meta's, if it gave one.

    sha256: of what came, if it came whole and was not what was announced.
    """

    retryable = True

    def __init__(self, reason: str, *, code: int | None = None, sha256: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.sha256 = sha256


class NotAnchored(WabridgeError):
    """A checkpoint could not be deposited outside, or a token proves nothing. reason: of `model.anchor.Reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotListed(WabridgeError):
    """The list of templates could not be had. reason: one word; code: Meta's, if it gave one; said: Meta's sentence."""

    retryable = True

    def __init__(self, reason: str, *, code: int | None = None, said: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.said = said
