"""Who may sign in, and what is written down about it."""

import asyncio
from dataclasses import replace

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from wabridge.core import passwords, sessions, signin, staff
from wabridge.core.office import Office
from wabridge.errors import Conflict, NotAllowed, NotFound, NotSignedIn, PasswordTooShort, TooManyTries, Unprocessable
from wabridge.model.ids import StaffId
from wabridge.model.staff import Actor, StaffMember
from wabridge.storage import acts

OPERATOR = Actor(kind="operator", id=0, name="command line", role="owner")
PASSWORD = "lima kata yang mudah diingat"


async def hire(office: Office, login: str = "siti", *, password: str | None = PASSWORD) -> StaffMember:
    """Add a lawyer."""
    member = await staff.add(office, OPERATOR, login=login, name=login.title(), role="lawyer")
    if password is not None:
        await staff.set_password(office, member.actor, password)
    return member


async def test_the_first_start_makes_an_owner_once(office: Office) -> None:
    """The owner is named in the office's language, has no password, and a second start finds the same one."""
    owner = await staff.ensure_owner(office)
    assert (owner.login, owner.role, owner.has_password) == ("pemilik", "owner", False)
    assert await staff.ensure_owner(office) == owner
    assert len(await staff.list(office, OPERATOR)) == 1


async def test_the_owner_has_an_english_name_in_an_english_office(office: Office) -> None:
    """The first login is a word the office knows."""
    settings = replace(office.settings, office=replace(office.settings.office, language="en"))
    assert (await staff.ensure_owner(replace(office, settings=settings))).login == "owner"


async def test_adding_leaves_a_trace(office: Office) -> None:
    """Who added whom, as what and when, stays."""
    siti = await hire(office, password=None)
    (act,) = await office.database.read(lambda tx: acts.list_for(tx, "staff", siti.id))
    assert (act.actor_name, act.verb, act.detail, act.at) == ("command line", "added", "lawyer", office.clock.now())


async def test_a_login_belongs_to_one(office: Office) -> None:
    """A login is taken for ever, in any spelling, even if its member was disabled."""
    siti = await hire(office)
    await staff.disable(office, await _owner(office), siti.id)
    with pytest.raises(Conflict):
        await staff.add(office, OPERATOR, login=" SITI ", name="Another", role="lawyer")


@pytest.mark.parametrize("login", ["", " ", "si ti", "-siti", "siti@x", "\udc80", "s" * 41, "sıtı"])
async def test_a_login_of_another_shape_is_refused(office: Office, login: str) -> None:
    """A login can be typed on any keyboard."""
    with pytest.raises(Unprocessable):
        await staff.add(office, OPERATOR, login=login, name="Siti", role="lawyer")


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b"])
async def test_a_name_of_another_shape_is_refused(office: Office, name: str) -> None:
    """A name can be seen."""
    with pytest.raises(Unprocessable):
        await staff.add(office, OPERATOR, login="siti", name=name, role="lawyer")


async def test_only_who_may_manages_staff(office: Office) -> None:
    """A lawyer neither adds nor lists, disables, resets or invites anyone."""
    siti = await hire(office)
    for attempt in (
        staff.add(office, siti.actor, login="budi", name="Budi", role="owner"),
        staff.list(office, siti.actor),
        staff.disable(office, siti.actor, siti.id),
        staff.reset(office, siti.actor, siti.id),
        staff.make_signin_link(office, siti.actor, siti.id),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_the_last_owner_stays(office: Office) -> None:
    """Nobody can lock the whole office out."""
    owner = await staff.ensure_owner(office)
    with pytest.raises(Conflict):
        await staff.disable(office, owner.actor, owner.id)
    await staff.add(office, OPERATOR, login="second", name="Second", role="owner")
    await staff.disable(office, OPERATOR, owner.id)
    assert (await staff.ensure_owner(office)).login == "second"


async def test_the_right_password_opens_a_session(office: Office) -> None:
    """The session belongs to the member and holds for two weeks without use."""
    siti = await hire(office)
    opened = await signin.sign_in(office, "Siti", PASSWORD)
    found = await sessions.find(office, opened.secret)
    assert found is not None
    assert found.staff.id == siti.id


async def test_neither_secret_nor_login_can_be_read_from_the_tables(office: Office) -> None:
    """What is kept of sessions, links, failures and passwords gives none of them back."""
    await hire(office)
    opened = await signin.sign_in(office, "siti", PASSWORD)
    link = await staff.make_signin_link(office, OPERATOR, opened.staff.id)
    with pytest.raises(NotSignedIn):
        await signin.sign_in(office, "siti", "something else")
    (session_hash,) = await column(office.database, "SELECT secret_hash FROM session")
    (link_hash,) = await column(office.database, "SELECT secret_hash FROM signin_link")
    (account_hash,) = await column(office.database, "SELECT account_hash FROM signin_failure")
    (password_hash,) = await column(office.database, "SELECT password_hash FROM staff")
    kept = (session_hash, link_hash, account_hash, password_hash)
    assert not [1 for secret in (opened.secret, link, "siti", PASSWORD) for row in kept if secret in str(row)]
    assert str(password_hash).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(("login", "password"), [("siti", "x"), ("siti", ""), ("budi", PASSWORD), ("", "\udc80")])
async def test_anything_else_opens_nothing(office: Office, login: str, password: str) -> None:
    """A wrong password, an unknown login and nonsense are refused in the same words."""
    await hire(office)
    with pytest.raises(NotSignedIn, match=r"^login or password is wrong$"):
        await signin.sign_in(office, login, password)


async def test_without_a_password_only_a_link_opens(office: Office) -> None:
    """A member who never set a password cannot be guessed."""
    await hire(office, password=None)
    with pytest.raises(NotSignedIn):
        await signin.sign_in(office, "siti", "")


async def test_an_unknown_login_costs_the_same_work(office: Office) -> None:
    """The stand-in for nobody's password has the parameters of a real one, so that time tells nothing."""
    real = await passwords.hash_new(office, PASSWORD)
    assert passwords.NOBODY.split("$")[:4] == real.split("$")[:4]
    assert not await passwords.matches(office, "anything", None)


async def test_five_failures_close_an_account_for_a_while(office: Office, fake_clock: FakeClock) -> None:
    """The right password waits too, others are not concerned, and after the time it goes on."""
    await hire(office, "siti")
    await hire(office, "budi")
    await _fail(office, "siti", times=4)
    fake_clock.advance(60)
    await _fail(office, " SITI", times=1)
    with pytest.raises(TooManyTries) as refusal:
        await signin.sign_in(office, "siti", PASSWORD)
    assert refusal.value.retry_after_seconds == 14 * 60
    assert (await signin.sign_in(office, "budi", PASSWORD)).staff.login == "budi"
    fake_clock.advance(14 * 60)
    assert (await signin.sign_in(office, "siti", PASSWORD)).staff.login == "siti"


async def test_success_forgets_the_failures(office: Office) -> None:
    """Who mistypes now and then is never locked out."""
    await hire(office)
    for _ in range(3):
        await _fail(office, "siti", times=4)
        await signin.sign_in(office, "siti", PASSWORD)


async def test_guesses_at_once_are_counted_before_they_are_looked_at(office: Office) -> None:
    """Twenty guesses in parallel get five looks at the password."""
    await hire(office)
    guesses = (signin.sign_in(office, "siti", f"guess {n}") for n in range(20))
    results = await asyncio.gather(*guesses, return_exceptions=True)
    kinds = [type(result) for result in results]
    assert (kinds.count(NotSignedIn), kinds.count(TooManyTries)) == (5, 15)


async def test_guessing_at_many_accounts_is_slowed_down_and_a_link_still_opens(office: Office) -> None:
    """Fifty failures in all close the form for everybody, but never the way in by link."""
    owner = await staff.ensure_owner(office)
    for n in range(10):
        for _ in range(5):
            await signin.count_try(office, f"account{n}")
    with pytest.raises(TooManyTries):
        await signin.sign_in(office, "fresh", PASSWORD)
    link = await staff.make_signin_link(office, OPERATOR, owner.id)
    assert (await signin.redeem_link(office, link)).staff == owner


async def test_a_link_opens_once(office: Office) -> None:
    """Looking uses nothing up; of two presses one opens."""
    owner = await staff.ensure_owner(office)
    link = await staff.make_signin_link(office, OPERATOR, owner.id)
    assert await signin.peek_link(office, link) == owner
    assert (await signin.redeem_link(office, link)).staff == owner
    assert await signin.peek_link(office, link) is None
    with pytest.raises(NotFound):
        await signin.redeem_link(office, link)


async def test_a_new_link_ends_the_one_before(office: Office) -> None:
    """A link that went astray is ended by making another."""
    owner = await staff.ensure_owner(office)
    first = await staff.make_signin_link(office, OPERATOR, owner.id)
    await staff.make_signin_link(office, OPERATOR, owner.id)
    assert await signin.peek_link(office, first) is None


async def test_a_link_is_over_after_its_time(office: Office, fake_clock: FakeClock) -> None:
    """Fifteen minutes, not one second more."""
    owner = await staff.ensure_owner(office)
    link = await staff.make_signin_link(office, OPERATOR, owner.id)
    fake_clock.advance(15 * 60 - 1)
    assert await signin.peek_link(office, link) is not None
    fake_clock.advance(1)
    with pytest.raises(NotFound):
        await signin.redeem_link(office, link)


async def test_disabling_ends_everything(office: Office) -> None:
    """Session, link and password of a disabled member open nothing any more."""
    await staff.ensure_owner(office)
    siti = await hire(office)
    opened = await signin.sign_in(office, "siti", PASSWORD)
    link = await staff.make_signin_link(office, OPERATOR, siti.id)
    await staff.disable(office, OPERATOR, siti.id)
    assert await sessions.find(office, opened.secret) is None
    assert await signin.peek_link(office, link) is None
    with pytest.raises(NotSignedIn):
        await signin.sign_in(office, "siti", PASSWORD)
    for attempt in (staff.make_signin_link(office, OPERATOR, siti.id), staff.reset(office, OPERATOR, siti.id)):
        with pytest.raises(Conflict):
            await attempt


async def test_a_reset_forgets_the_password(office: Office) -> None:
    """After a reset only the new link opens, and old sessions are over."""
    siti = await hire(office)
    opened = await signin.sign_in(office, "siti", PASSWORD)
    link = await staff.reset(office, OPERATOR, siti.id)
    assert await sessions.find(office, opened.secret) is None
    with pytest.raises(NotSignedIn):
        await signin.sign_in(office, "siti", PASSWORD)
    assert (await signin.redeem_link(office, link)).staff.login == "siti"


async def test_changing_the_password_ends_other_sessions(office: Office) -> None:
    """Whoever changes the password stays; whoever knew the old one is out."""
    siti = await hire(office)
    here = await signin.sign_in(office, "siti", PASSWORD)
    elsewhere = await signin.sign_in(office, "siti", PASSWORD)
    mine = await sessions.find(office, here.secret)
    assert mine is not None
    await staff.set_password(
        office, siti.actor, "another five words here", current=PASSWORD, session_id=mine.session_id
    )
    assert await sessions.find(office, here.secret) is not None
    assert await sessions.find(office, elsewhere.secret) is None
    with pytest.raises(NotSignedIn):
        await signin.sign_in(office, "siti", PASSWORD)


async def test_the_present_password_is_asked_for(office: Office) -> None:
    """A wrong one changes nothing, and guessing it is counted like signing in."""
    siti = await hire(office)
    for _ in range(5):
        with pytest.raises(NotAllowed):
            await staff.set_password(office, siti.actor, "another five words here", current="guess")
    with pytest.raises(TooManyTries):
        await staff.set_password(office, siti.actor, "another five words here", current=PASSWORD)


@pytest.mark.parametrize(("password", "error"), [("eleven char", PasswordTooShort), ("x" * 1025, Unprocessable)])
async def test_a_password_has_a_sensible_length(office: Office, password: str, error: type[Exception]) -> None:
    """Short ones are guessed, endless ones cost memory; neither counts as a failed try."""
    siti = await hire(office)
    for _ in range(6):
        with pytest.raises(error):
            await staff.set_password(office, siti.actor, password, current=PASSWORD)


async def test_the_language_is_ones_own(office: Office) -> None:
    """A member sets their own language; a program has none, and only known ones are taken."""
    siti = await hire(office)
    await staff.set_language(office, siti.actor, "en")
    assert (await staff.get_by_login(office, "siti")).language == "en"
    with pytest.raises(Unprocessable):
        await staff.set_language(office, siti.actor, "tlh")
    with pytest.raises(NotAllowed):
        await staff.set_language(office, OPERATOR, "en")


async def test_who_is_not_there_is_not_found(office: Office) -> None:
    """An unknown login or member is named as such."""
    with pytest.raises(NotFound):
        await staff.get_by_login(office, "nobody")
    with pytest.raises(NotFound):
        await staff.disable(office, OPERATOR, StaffId(99))


async def _owner(office: Office) -> Actor:
    return (await staff.ensure_owner(office)).actor


async def _fail(office: Office, login: str, *, times: int) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            await signin.sign_in(office, login, "something else")
