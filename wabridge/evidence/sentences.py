"""What a dossier itself says in words, in the report's language: what is left out and why, what the system is."""

import tomllib
from importlib import resources

from wabridge.evidence.dossier import Language


def say(name: str, language: Language) -> str:
    """Return a sentence in a language."""
    words = resources.files("wabridge.evidence").joinpath("words", f"dossier.{language}.toml").read_text("utf-8")
    return str(tomllib.loads(words)[name])
