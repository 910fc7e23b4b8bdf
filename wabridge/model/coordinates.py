"""Where somebody copied a place from: degrees in any of the forms that maps give them out in."""

import re

_NUMBER = r"(-?\d{1,3}(?:\.\d{1,12})?)"
_FORMS = (
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),
    re.compile(rf"@{_NUMBER},{_NUMBER}"),
    re.compile(rf"(?:[?&](?:q|ll|query|destination)=|geo:){_NUMBER}(?:,|%2C)\s*{_NUMBER}"),
    re.compile(rf"^\s*{_NUMBER}\s*[,;\s]\s*{_NUMBER}\s*$"),
)


def find(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude from what was typed or pasted, a pair of numbers or a map's address; or None.

    Whether they lie on the globe is not looked at.
    """
    found = next((match for form in _FORMS if (match := form.search(text[:2000]))), None)
    return None if found is None else (float(found[1]), float(found[2]))
