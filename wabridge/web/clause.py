"""The clause of the engagement letter with the office's real fingerprints, and where its checkpoints lie outside.

The Indonesian text decides; it stands in the catalogue, and in docs/office for whoever wants to change it.
"""

from aiohttp import web

from wabridge.core import anchoring, clause
from wabridge.model.anchor import Kind, Reason
from wabridge.web import keys, rendering, session
from wabridge.web.language import Msgid

PARAGRAPHS: tuple[tuple[Msgid, Msgid], ...] = (
    (
        Msgid("Designation."),
        Msgid(
            "The Client designates the WhatsApp account with the number {client_number} as an electronic system for "
            "receiving the Office's notices and documents in this matter, within the meaning of Article 8 paragraph "
            "(3) of the Law on Electronic Information and Transactions. The Office writes from the number "
            "{office_number} only."
        ),
    ),
    (
        Msgid("Reports."),
        Msgid(
            "A report of the platform that a message was sent, arrived or was displayed is recorded as a report and "
            "nothing more. A message that is reported to have arrived is not necessarily read; the absence of a report "
            "of reading shows neither that it was read nor that it was not."
        ),
    ),
    (
        Msgid("Confirmation."),
        Msgid(
            "For legal notices the Office asks for a confirmation by button. By pressing “Sudah saya baca” the Client "
            "states to have read that notice. Pressing “Ada pertanyaan” or “Bukan saya”, or not answering, is no "
            "confirmation. Silence is not consent."
        ),
    ),
    (
        Msgid("Fallback address."),
        Msgid(
            "Where no confirmation has come by the deadline of a notice, the Office sends it by registered letter to "
            "the address: {address}."
        ),
    ),
    (
        Msgid("Changes."),
        Msgid(
            "The Client tells the Office at once if the number, the phone or the account changes, is lost or is used "
            "by others. Until the identity is certain again, the Office sends nothing confidential to that account."
        ),
    ),
    (
        Msgid("Transfer abroad."),
        Msgid(
            "The Client knows that messages pass through systems of WhatsApp and Meta that may lie outside Indonesia, "
            "and consents to this transfer of personal data (Article 56 of the Law on Personal Data Protection). The "
            "consent may be withdrawn in writing for the future; the Office then uses other means."
        ),
    ),
    (
        Msgid("Record."),
        Msgid(
            "The Office keeps messages and reports in a ledger in which later changes can be found. That record may be "
            "submitted as electronic evidence; its weight is for the judge to decide."
        ),
    ),
    (
        Msgid("Fingerprints."),
        Msgid(
            "The Office's ledger {ledger_name} is signed, and its certificates are sealed, with the keys whose "
            "fingerprints (SHA-256) stand below. The seal is the Office's own and is not certified by an Indonesian "
            "certification provider (PSrE)."
        ),
    ),
    (
        Msgid("Limits."),
        Msgid(
            "WhatsApp is not used for summons or notifications of a court, nor for acts for which a law prescribes "
            "another form."
        ),
    ),
)
"""Each paragraph's title and text."""

KINDS: dict[Kind, Msgid] = {
    "timestamp": Msgid("Timestamp authority"),
    "mail": Msgid("Mailbox outside"),
}

REASONS: dict[Reason, Msgid] = {
    "unreachable": Msgid("It cannot be reached. This passes by itself as a rule."),
    "slow": Msgid("It took too long to answer. This passes by itself as a rule."),
    "cut_off": Msgid("The connection broke. This passes by itself as a rule."),
    "busy": Msgid("It asks to come back later. This passes by itself as a rule."),
    "refused": Msgid("It refuses. Check the address, and whether the service wants a registration."),
    "not_a_token": Msgid("What it answers is no timestamp. Check the address."),
    "wrong_imprint": Msgid("Its timestamp is of something else. It was not used; tell the authority."),
    "wrong_nonce": Msgid("Its timestamp answers another question. It was not used; tell the authority."),
    "bad_signature": Msgid("The signature of its timestamp is not good. It was not used; tell the authority."),
    "expired": Msgid("Its certificate was not valid at the time it states. Tell the authority."),
    "untrusted": Msgid("Its certificate leads to none of the chosen roots. Renew the files of timestamp_roots."),
    "too_large": Msgid("Its answer is too long to be a timestamp. Check the address."),
    "tls": Msgid("No protected connection could be made. Check server, port and its certificate."),
    "login": Msgid("The mail server refuses name or password."),
    "recipient": Msgid("The mail server does not know the recipient."),
    "settings": Msgid("The configuration is incomplete: see section [anchors]."),
}
"""Why a checkpoint is not there yet, with the next step."""


async def show_clause(request: web.Request) -> web.Response:
    """Show the clause as it is printed, and how well the ledger is anchored."""
    actor = session.signed_in(request).staff.actor
    office = request.app[keys.OFFICE]
    return await rendering.render(
        request,
        "clause.html",
        known=await clause.fingerprints(office, actor),
        anchored=await anchoring.standing(office, actor),
        paragraphs=PARAGRAPHS,
        kinds_of_anchor=KINDS,
        reasons_of_anchor=REASONS,
    )


ROUTES = (web.get("/clause", show_clause, name="clause"),)
