"""The switches of the pretend Meta, changeable while it runs."""

from dataclasses import dataclass, field
from typing import Literal

from wabridge.sandbox.faults import Fault

Escape = Literal["ascii", "ascii-slashes", "utf-8"]


@dataclass(slots=True, kw_only=True)
class Behaviour:
    """How the pretend Meta behaves; every field may be changed at any time.

    `deliver` and `read` decide for clients nobody plays; a client played on the phone page has switches of its own.
    """

    sent_seconds: float = 0.3
    delivered_seconds: float = 1.0
    read_seconds: float = 0.8
    report_sent: bool = True
    deliver: bool = True
    read: bool = False

    webhook_connections: int = 4
    webhook_timeout_seconds: float = 10.0
    webhook_copies: int = 1
    """How often each webhook is posted: 2 plays Meta's at-least-once delivery on parallel connections."""
    retry_first_seconds: float = 0.2
    retry_factor: float = 2.0
    retry_longest_seconds: float = 10.0
    escape: Escape = "ascii"
    keep_acknowledged: bool = True
    """Whether the courier keeps each body that was answered 200, for comparing with what the gateway stored."""

    slow_file_seconds: float = 20.0
    """How long a file takes under the fault MEDIA_SLOW."""

    strict: bool = True
    """Whether a wrong request is also written down in `PretendMeta.violations` (it is refused either way)."""
    window_mode: Literal["refuse", "async_fail", "ignore"] = "refuse"
    throughput_per_second: int | None = None
    """Meta's default is 80; None does not limit."""
    pair_rate: bool = False
    """Whether the limit per recipient holds: one message in 6 s, up to 45 at once, borrowed from the future."""

    faults: set[Fault] = field(default_factory=set)
    """What goes wrong on purpose, until it is taken out again."""

    @classmethod
    def instant(cls) -> "Behaviour":
        """Report at once, with short retries: for tests and rounds."""
        return cls(
            sent_seconds=0.0,
            delivered_seconds=0.0,
            read_seconds=0.0,
            retry_first_seconds=0.05,
            retry_longest_seconds=0.5,
        )

    def limit_speed(self) -> None:
        """Let Meta's own limits hold: 80 messages a second, and the pair rate with its burst."""
        self.throughput_per_second = 80
        self.pair_rate = True

    def retry_delay_seconds(self, refusals: int) -> float:
        """Return how long a webhook rests after its n-th refusal, n from 1."""
        grown = self.retry_first_seconds * self.retry_factor ** min(refusals - 1, 64)
        return min(grown, self.retry_longest_seconds)

    def copies(self) -> int:
        """Return how often each webhook is posted."""
        return max(self.webhook_copies, 2 if Fault.TWICE_AT_ONCE in self.faults else 1)

    def spelling(self) -> Escape:
        """Return how the JSON of a webhook is spelled."""
        if Fault.PLAIN_UTF8 in self.faults:
            return "utf-8"
        return "ascii-slashes" if Fault.ESCAPED_SLASHES in self.faults else self.escape
