"""Drafts that hypothesis invents: within the limits and a little beyond them, with everything that people type."""

from hypothesis import strategies as st

from wabridge.model import limits
from wabridge.model.content import Body, Card, CardPhone, Cards, Location, Media, Reaction
from wabridge.model.draft import Draft
from wabridge.model.prompts import (
    Button,
    Buttons,
    Header,
    LinkButton,
    LocationRequest,
    Menu,
    NumberRequest,
    Row,
    Section,
)

LETTERS = st.sampled_from('ab é\n\t"\\/<&🙏\u200d\0\ud83d\r.1')


def words(limit: int) -> st.SearchStrategy[str]:
    """Return texts: mostly short ones, some as long as the limit, a few beyond it."""
    usual = st.text("abcdefgh é&🙏", min_size=1, max_size=min(limit, 12))
    odd = st.text(LETTERS, max_size=min(limit, 12))
    long = st.integers(limit - 2, limit).map(lambda count: "x" * count)
    return st.one_of(*[usual] * 8, odd, long, st.integers(0, 9).map(lambda n: "x" * (limit + 1 if n == 0 else limit)))


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    """Return what may be left out."""
    return st.none() | strategy


HEADERS = st.none() | st.builds(Header, text=maybe(words(limits.HEADER_CHARACTERS)))
FOOTERS = maybe(words(limits.FOOTER_CHARACTERS))
NAMES = words(limits.LINE_CHARACTERS)
LABELS = words(limits.LABEL_CHARACTERS)
BUTTON = st.builds(Button, button_id=words(limits.BUTTON_ID_CHARACTERS), title=words(limits.BUTTON_TITLE_CHARACTERS))
ROW = st.builds(
    Row,
    row_id=words(limits.ROW_ID_CHARACTERS),
    title=words(limits.ROW_TITLE_CHARACTERS),
    description=maybe(words(limits.ROW_DESCRIPTION_CHARACTERS)),
)
SECTION = st.builds(
    Section,
    rows=st.lists(ROW, max_size=4).map(tuple),
    title=maybe(words(limits.SECTION_TITLE_CHARACTERS)),
)
PHONE = st.builds(CardPhone, NAMES, st.none() | st.sampled_from(["HOME", "work", "CELL", "kantor"]), maybe(NAMES))
LINKS = st.sampled_from(
    ["https://x.test/é?b=[1]", 'http://x.test/"<{|}>\\^`', "https://xé.test", "x.test", "https://", ""]
)
LINES = st.lists(NAMES, max_size=3).map(tuple)
EMAILS = st.lists(st.sampled_from(["g@x.test", "a.b+c@x-y.test", "g", "@x", "g@x y", ""]), max_size=2).map(tuple)
CARD = st.builds(
    Card,
    name=NAMES,
    organisation=maybe(NAMES),
    phones=st.lists(PHONE, max_size=2).map(tuple),
    emails=EMAILS,
    addresses=LINES,
    links=st.lists(LINKS, max_size=2).map(tuple),
    birthday=maybe(st.sampled_from([*["1990-12-31"] * 6, "1990-13-01", "kemarin", ""])),
)
DEGREES = st.one_of(*[st.floats(-90, 90)] * 6, st.none(), st.sampled_from([90.0, -180.0, float("nan"), float("inf")]))
URLS = st.sampled_from(
    ["https://x.test/a?b=1", "http://x.test", "x.test", "https://", "ftp://x.test", "", "https://a b"]
)

UNWORDED: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        Media,
        kind=st.sampled_from(["image", "video", "document", "audio", "sticker"]),
        caption=maybe(words(limits.CAPTION_CHARACTERS)),
        file_name=st.none() | st.just("kuasa.pdf"),
        is_voice=st.booleans(),
    ),
    st.builds(Location, latitude=DEGREES, longitude=DEGREES, name=maybe(NAMES), address=maybe(NAMES)),
    st.builds(Cards, st.lists(CARD, max_size=2).map(tuple)),
    st.builds(Reaction, target_wamid=st.just("wamid.T1"), emoji=st.sampled_from([None, "", "👍", "👩‍⚖️", "ok", "👍👍"])),
)
WORDED: st.SearchStrategy[Body] = st.one_of(
    st.builds(Buttons, buttons=st.lists(BUTTON, max_size=4).map(tuple), header=HEADERS, footer=FOOTERS),
    st.builds(Menu, label=LABELS, sections=st.lists(SECTION, max_size=4).map(tuple), header=HEADERS, footer=FOOTERS),
    st.builds(LinkButton, label=LABELS, url=URLS, header=HEADERS, footer=FOOTERS),
    st.just(NumberRequest()),
    st.just(LocationRequest()),
)
TEXTS = words(limits.PROMPT_CHARACTERS) | words(limits.TEXT_CHARACTERS)
DRAFTS = st.one_of(
    st.builds(Draft, text=maybe(TEXTS)),
    st.builds(Draft, body=UNWORDED),
    st.builds(Draft, text=TEXTS, body=WORDED),
    st.builds(Draft, text=maybe(TEXTS), body=UNWORDED | WORDED),
)
