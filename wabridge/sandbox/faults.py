"""What goes wrong on purpose: each of these was seen in the field or is documented (cloud-api 13.4).

`Behaviour.faults` holds those that are switched on. A fault lasts until it is switched off and befalls everything that
passes meanwhile; what Meta says once, unasked, is an occurrence of `news` instead.
"""

from enum import StrEnum


class Fault(StrEnum):
    """A switch of the pretend Meta; the number is cloud-api 13.4's."""

    TWICE_AT_ONCE = "twice_at_once"  # 1: on two connections
    ONCE_MORE = "once_more"  # 2: although it was answered 200
    UNSIGNED = "unsigned"  # 20
    WRONG_SIGNATURE = "wrong_signature"  # 20
    SHA1_SIGNATURE = "sha1_signature"  # 20: the old header alone
    OTHER_APP = "other_app"  # 21: signed with another secret
    PLAIN_UTF8 = "plain_utf8"  # 22
    ESCAPED_SLASHES = "escaped_slashes"  # 22
    EXTRA_KEYS = "extra_keys"  # 12

    UNKNOWN_FIELD = "unknown_field"  # 12
    UNKNOWN_TYPE = "unknown_type"  # 12
    MIXED_BATCH = "mixed_batch"  # 11
    HIDDEN_PHONE = "hidden_phone"  # 13
    PLACEHOLDER_FIRST = "placeholder_first"  # 15
    EMPTY_INTERACTIVE = "empty_interactive"  # 16
    EMPTY_EMOJI = "empty_emoji"  # 17: else a removed reaction has none
    NO_CONTEXT = "no_context"  # 18
    STANDBY = "standby"  # 28
    OLD_TIMES = "old_times"  # 29

    NO_MEDIA_URL = "no_media_url"  # 23
    HEX_HASH = "hex_hash"  # 23
    SIZE_AS_TEXT = "size_as_text"  # 23
    MEDIA_GONE = "media_gone"  # 23
    MEDIA_URL_OLD = "media_url_old"  # 23: the webhook's address has expired, the id gives a fresh one
    WRONG_HASH = "wrong_hash"  # 23: of other bytes than those that come
    MEDIA_CUT = "media_cut"  # the connection breaks in the middle
    MEDIA_SLOW = "media_slow"
    MEDIA_THROTTLED = "media_throttled"  # 429
    MEDIA_DOWN = "media_down"  # 503 with a page
    MEDIA_ELSEWHERE = "media_elsewhere"  # a redirect to a host that is not Meta's

    UPLOAD_REFUSED = "upload_refused"  # 131053
    UPLOAD_FORGOTTEN = "upload_forgotten"  # 14: ids that were given out are unknown
    UPLOAD_HANGS = "upload_hangs"  # taken, and never answered
    UPLOAD_CUT = "upload_cut"  # the connection breaks in the middle
    UPLOAD_DOWN = "upload_down"  # 503 with a page
    UPLOAD_THROTTLED = "upload_throttled"  # 130429

    STATUSES_REORDERED = "statuses_reordered"  # 3
    READ_ALONE = "read_alone"  # 4
    DELIVERED_AFTER_READ = "delivered_after_read"  # 5
    SENT_THEN_FAILED = "sent_then_failed"  # 6
    FAILED_THEN_SENT = "failed_then_sent"  # 7
    STATUS_BEFORE_ANSWER = "status_before_answer"  # 8
    NO_STATUS = "no_status"  # 10

    NO_ANSWER = "no_answer"  # 24: a timeout after the message was taken
    HTML_ANSWER = "html_answer"  # 24: 502 with a page, though it was taken
    ERROR_131000 = "error_131000"  # 24
    ERROR_131016 = "error_131016"  # 24
    RATE_LIMITED = "rate_limited"  # 24: 130429
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - 25, a name and no secret
    ERROR_AND_STATUS = "error_and_status"  # 26
    TEMPLATE_PAUSED = "template_paused"  # 27: taken and held, then reported as failed
    TEMPLATE_LIST_FAILS = "template_list_fails"


GROUPS: dict[str, tuple[Fault, ...]] = {
    "written": (
        Fault.UNKNOWN_TYPE,
        Fault.MIXED_BATCH,
        Fault.HIDDEN_PHONE,
        Fault.PLACEHOLDER_FIRST,
        Fault.EMPTY_INTERACTIVE,
        Fault.EMPTY_EMOJI,
        Fault.NO_CONTEXT,
        Fault.STANDBY,
        Fault.OLD_TIMES,
    ),
    "files": (
        Fault.NO_MEDIA_URL,
        Fault.MEDIA_URL_OLD,
        Fault.MEDIA_GONE,
        Fault.HEX_HASH,
        Fault.WRONG_HASH,
        Fault.SIZE_AS_TEXT,
        Fault.MEDIA_CUT,
        Fault.MEDIA_SLOW,
        Fault.MEDIA_THROTTLED,
        Fault.MEDIA_DOWN,
        Fault.MEDIA_ELSEWHERE,
    ),
    "uploads": (
        Fault.UPLOAD_REFUSED,
        Fault.UPLOAD_FORGOTTEN,
        Fault.UPLOAD_HANGS,
        Fault.UPLOAD_CUT,
        Fault.UPLOAD_DOWN,
        Fault.UPLOAD_THROTTLED,
    ),
    "answers": (
        Fault.NO_ANSWER,
        Fault.HTML_ANSWER,
        Fault.ERROR_131000,
        Fault.ERROR_131016,
        Fault.RATE_LIMITED,
        Fault.TOKEN_EXPIRED,
        Fault.ERROR_AND_STATUS,
        Fault.TEMPLATE_PAUSED,
        Fault.TEMPLATE_LIST_FAILS,
    ),
    "reports": (
        Fault.STATUS_BEFORE_ANSWER,
        Fault.STATUSES_REORDERED,
        Fault.READ_ALONE,
        Fault.DELIVERED_AFTER_READ,
        Fault.SENT_THEN_FAILED,
        Fault.FAILED_THEN_SENT,
        Fault.NO_STATUS,
    ),
    "webhooks": (
        Fault.TWICE_AT_ONCE,
        Fault.ONCE_MORE,
        Fault.UNSIGNED,
        Fault.WRONG_SIGNATURE,
        Fault.SHA1_SIGNATURE,
        Fault.OTHER_APP,
        Fault.PLAIN_UTF8,
        Fault.ESCAPED_SLASHES,
        Fault.EXTRA_KEYS,
        Fault.UNKNOWN_FIELD,
    ),
}
"""All faults by what they befall, in the order the phone page lists them."""
