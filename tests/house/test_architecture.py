"""The rules of the house, held against every file of the project."""

import configparser

from tests.house import shape, vocabulary
from tests.house.source import ROOT, offences

OURS = ("wabridge", "tests", "bench", ".ci", "run.py")


def test_no_file_is_longer_than_the_wall() -> None:
    """No file has more than 400 lines."""
    assert offences(shape.long_file, *OURS) == []


def test_no_function_is_longer_than_the_wall() -> None:
    """No function has more than 50 lines."""
    assert offences(shape.long_function, *OURS) == []


def test_names_say_what_a_module_owns() -> None:
    """No module, folder or class is named after a drawer such as utils, or called a manager."""
    assert offences(shape.drawer_name, *OURS) == []


def test_every_package_introduces_itself() -> None:
    """Each folder of code is a package whose first lines say what lives there."""
    folders = {path.parent for path in (ROOT / "wabridge").rglob("*.py") if path.parent.name != "__pycache__"}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
    assert offences(shape.silent_package, "wabridge") == []


def test_every_test_states_its_guarantee() -> None:
    """Each test has a docstring: the list of them is the specification."""
    assert offences(shape.silent_test, "tests") == []


def test_a_client_is_a_person() -> None:
    """No class or variable of ours calls an HTTP connection a client."""
    assert offences(shape.client_that_is_no_person, "wabridge") == []


def test_only_storage_speaks_sql() -> None:
    """No SQL text and no .sql file stands outside storage."""
    assert offences(vocabulary.sql_outside_storage, "wabridge", "run.py") == []
    files = (ROOT / "wabridge").rglob("*.sql")
    assert [path for path in files if not path.is_relative_to(ROOT / "wabridge/storage")] == []


def test_sql_is_never_composed() -> None:
    """No f-string, format, replace, + or % meets SQL."""
    assert offences(vocabulary.composed_sql, "wabridge") == []


def test_only_whatsapp_and_the_pretend_meta_speak_metas_dialect() -> None:
    """No other room spells Meta's JSON keys or headers."""
    assert offences(vocabulary.meta_word, "wabridge") == []


def test_nothing_in_model_waits() -> None:
    """The nouns and rules contain no async."""
    assert offences(vocabulary.waiting_model, "wabridge") == []


def test_tasks_are_born_in_one_place() -> None:
    """Every background task comes from the TaskGroup that app.py hands down."""
    assert offences(vocabulary.stray_task, "wabridge") == []


def test_pages_stay_locked_out_of_the_connectors() -> None:
    """As soon as the room connectors exists, the import contract of web names it."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    locked = config["importlinter:contract:web"]["forbidden_modules"].split()
    assert ("wabridge.connectors" in locked) == (ROOT / "wabridge/connectors").is_dir()
