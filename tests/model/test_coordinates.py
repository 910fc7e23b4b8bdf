"""Where somebody copied a place from."""

import pytest

from wabridge.model import coordinates


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("-6.2088, 106.8456", (-6.2088, 106.8456)),
        (" -6.2088 106.8456 ", (-6.2088, 106.8456)),
        ("0,0", (0.0, 0.0)),
        ("geo:-6.2088,106.8456?z=17", (-6.2088, 106.8456)),
        ("https://maps.example/?q=-6.2088,106.8456", (-6.2088, 106.8456)),
        ("https://maps.example/maps?ll=-6.2088%2C106.8456&z=5", (-6.2088, 106.8456)),
        ("https://maps.example/place/Kantor/@-6.1,106.7,17z/data=!3d-6.2088!4d106.8456", (-6.2088, 106.8456)),
        ("https://maps.example/@-6.2088,106.8456,17z", (-6.2088, 106.8456)),
        ("95, 200", (95.0, 200.0)),
    ],
)
def test_a_place_is_found(typed: str, place: tuple[float, float]) -> None:
    """A pair of numbers and the addresses of maps say where it is; the pin wins over the middle of the map."""
    assert coordinates.find(typed) == place


@pytest.mark.parametrize("typed", ["", "Jl. Sudirman 1", "-6.2088", "6,2088 dan 106,8", "https://maps.example/abc"])
def test_anything_else_is_no_place(typed: str) -> None:
    """A name, half a pair or a shortened link is none."""
    assert coordinates.find(typed) is None
