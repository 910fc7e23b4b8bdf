"""A staff member's own page, as it comes from the server."""

import pytest

from tests.web.desk import Desk
from tests.web.parsed import text_of

PASSWORD = "lima kata yang mudah diingat"


async def test_the_language_is_changed_at_once(desk: Desk) -> None:
    """The page after the choice speaks the chosen language, whatever the browser likes."""
    answer = await desk.post("/account/language", language="en")
    assert (answer.status, answer.location) == (303, "/account?done=language")
    tree = await desk.show(answer.location, **{"Accept-Language": "id"})
    assert tree.root.get("lang") == "en"
    assert tree.texts("p", "done") == ["The language is set."]


async def test_a_language_nobody_speaks_is_refused(desk: Desk) -> None:
    """Only a language with a catalogue can be chosen."""
    assert (await desk.post("/account/language", language="tlh")).status == 422


async def test_a_first_password_needs_no_present_one(desk: Desk) -> None:
    """Whoever came by a link can set a password, and is then asked for it before the next change."""
    assert not (await desk.show("/account")).all("input", id="current")
    answer = await desk.post("/account/password", password=PASSWORD, again=PASSWORD)
    assert (answer.status, answer.location) == (303, "/account?done=password")
    assert (await desk.show("/account")).all("input", id="current")


async def test_a_wrong_present_password_changes_nothing(desk: Desk) -> None:
    """An open page is not enough to take an account over."""
    await desk.post("/account/password", password=PASSWORD, again=PASSWORD)
    answer = await desk.post(
        "/account/password", current="salah sekali ini", password=PASSWORD + "!", again=PASSWORD + "!"
    )
    assert answer.status == 403
    assert "salah" in text_of(answer.tree.one("p", "refusal"))


async def test_two_different_passwords_are_refused(desk: Desk) -> None:
    """A slip of the finger does not lock anybody out."""
    answer = await desk.post("/account/password", password=PASSWORD, again=PASSWORD + "x")
    assert answer.status == 422
    assert "tidak sama" in text_of(answer.tree.one("p", "refusal"))


async def test_a_short_password_is_refused(desk: Desk) -> None:
    """A password that could be guessed is not taken."""
    answer = await desk.post("/account/password", password="pendek", again="pendek")
    assert answer.status == 422
    assert "terlalu pendek" in text_of(answer.tree.one("p", "refusal"))


@pytest.mark.parametrize("form", ["/account/password", "/account/language"])
async def test_the_address_of_a_refusal_can_be_loaded_anew(desk: Desk, form: str) -> None:
    """A refusal stands at its form's address; opened again that leads to the page, not to an error."""
    answer = await desk.get(form)
    assert (answer.status, answer.location) == (303, "/account")


async def test_signing_out_ends_the_session(desk: Desk) -> None:
    """After signing out the inbox asks who is there."""
    assert (await desk.post("/logout")).status == 303
    assert (await desk.get("/inbox")).location.startswith("/login")
