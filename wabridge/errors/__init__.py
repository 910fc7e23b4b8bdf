"""Every error wabridge raises on purpose.

WabridgeError
├── StartError       the program cannot start, or a command cannot run; the sentence is for the operator
│   └── SettingsError, AlreadyRunning, WrongKey, PlaintextDatabase, NewerSchema, OlderSchema, BackupUnusable
├── StorageError     StorageUnavailable: try again; StorageDamaged: the program stops; FileDamaged, ConstraintViolated:
│                    one file, one item
├── MalformedEvent   one item of a webhook cannot be applied; it is quarantined alone
├── CertificateNotMade, NotFetched, NotAnchored, NotListed    something with the outside did not work this time
└── RequestError     what a person or an API program asked for is refused
    ├── BadRequest      the request itself is broken
    │   └── BodyTooLarge
    ├── NotSignedIn, SignatureRefused, TooManyTries
    ├── NotAllowed      this person or token has no right to it
    │   └── FormExpired, SelfApproval
    ├── NotFound
    │   └── EnclosureGone
    ├── Conflict        the rules forbid it in the present state
    │   ├── WindowClosed, TemplateWithdrawn, TemplateChanged, AdvertisingRefused, ConversationReadOnly
    │   ├── NotPending, AlreadyAnswered, TooEarly, Pointless, NewerMessage, MessagesWaiting, FileNotHere
    │   ├── NotReferable ─ OtherChat
    │   ├── IdentityUnverified ─ RecipientInDoubt
    │   └── RecipientChanged, NoticeChanged, NoticeNotApproved, NoticeUnderway, DeadlinePassed, NoNoticeTemplate,
    │       NoticeDocumentLost
    └── Unprocessable   well-formed, but makes no sense
        ├── TextEmpty, TextTooLong, DraftUnfit, TemplateUnfit, FileUnfit (FileTooLarge), KeyReused
        ├── NoteUnfit, NoticeUnfit, NoticeTooLong, NotAPdf, NotAScan, RecordUnfit
        └── PhoneUnreadable, PhoneTaken, NameTooLong, PasswordTooShort

Two class attributes decide what happens: `retryable` (may the same thing work later without a change) and `public`
(may the sentence be shown to staff). The web middleware maps `RequestError` classes to HTTP statuses in one table.
Sentences shown to staff come from the catalogues, by class; `str(error)` is English and for the log and the terminal.
"""

from wabridge.errors.faults import *  # noqa: F403  # every name of both files is an error
from wabridge.errors.requests import *  # noqa: F403
