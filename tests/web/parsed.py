"""Reads a page into a tree, so that tests ask for elements instead of comparing strings."""

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

VOID = {"br", "hr", "img", "input", "link", "meta"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = ET.TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.builder.data(data)


class Tree:
    """A page, asked by id, tag and class."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        assert not reader.open, f"never closed: {reader.open}"
        self.root = reader.builder.close()

    def all(self, tag: str, css_class: str | None = None, **attributes: str) -> list[ET.Element]:
        """Return the elements of a tag that have the class and the attributes."""
        return [
            element
            for element in self.root.iter(tag)
            if (css_class is None or css_class in element.get("class", "").split())
            and all(element.get(name.rstrip("_")) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, css_class: str | None = None, **attributes: str) -> ET.Element:
        """Return the only such element."""
        (element,) = self.all(tag, css_class, **attributes)
        return element

    def texts(self, tag: str, css_class: str | None = None) -> list[str]:
        """Return what such elements say, in one line each."""
        return [text_of(element) for element in self.all(tag, css_class)]


def text_of(element: ET.Element) -> str:
    """Return what an element says, white space folded."""
    return " ".join("".join(element.itertext()).split())
