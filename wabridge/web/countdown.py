"""How long something still lasts: written by the server, kept up by the script, true without it."""

from datetime import datetime

from markupsafe import Markup

from wabridge.web.language import Msgid, Speech

HOURS = Msgid("{hours} h {minutes} min left")
MINUTES = Msgid("{minutes} min left")
SECONDS = Msgid("{seconds} s left")


def left(speech: Speech, until: datetime, now: datetime) -> Markup:
    """Return the hours and minutes until then, as an element that the script counts down."""
    minutes = max(0, int((until - now).total_seconds() // 60))
    said = speech.say(HOURS, hours=minutes // 60, minutes=minutes % 60)
    said = said if minutes >= 60 else speech.say(MINUTES, minutes=minutes)
    return Markup('<span class="left" data-until="{}" data-hours="{}" data-minutes="{}">{}</span>').format(
        until.isoformat(), speech.say(HOURS), speech.say(MINUTES), said
    )


def seconds_left(speech: Speech, until: datetime) -> Markup:
    """Return an element in which the script counts the seconds until then; empty without it."""
    return Markup('<span class="left" data-until="{}" data-seconds="{}"></span>').format(
        until.isoformat(), speech.say(SECONDS)
    )
