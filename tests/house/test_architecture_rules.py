"""Each rule of the house finds what it forbids and leaves alone what it allows."""

from pathlib import PurePosixPath

import pytest

from tests.house import shape, vocabulary
from tests.house.source import Rule, Source

STATEMENTS = "\n".join(["    x = 1"] * 50)

FORBIDDEN: list[tuple[Rule, str, str]] = [
    (shape.long_file, "wabridge/model/contact.py", "x = 1\n" * 401),
    (shape.long_function, "wabridge/model/contact.py", f"def f():\n{STATEMENTS}\n"),
    (shape.long_function, "wabridge/model/contact.py", f"async def f():\n{STATEMENTS}\n"),
    (shape.drawer_name, "wabridge/core/utils.py", ""),
    (shape.drawer_name, "wabridge/common/contacts.py", ""),
    (shape.drawer_name, "wabridge/core/session_manager.py", ""),
    (shape.drawer_name, "wabridge/core/sessions.py", "class SessionManager: ..."),
    (shape.silent_package, "wabridge/core/__init__.py", "import os"),
    (shape.silent_test, "tests/core/test_contacts.py", "def test_a(): ..."),
    (shape.silent_test, "tests/core/test_contacts.py", "async def test_a():\n    'no sentence'"),
    (shape.client_that_is_no_person, "wabridge/whatsapp/cloud_api.py", "class CloudClient: ..."),
    (shape.client_that_is_no_person, "wabridge/whatsapp/cloud_api.py", "def send(client): ..."),
    (shape.client_that_is_no_person, "wabridge/whatsapp/cloud_api.py", "class A:\n def f(self): self.http_client = 1"),
    (vocabulary.sql_outside_storage, "wabridge/core/contacts.py", "query = 'SELECT 1'"),
    (
        vocabulary.sql_outside_storage,
        "wabridge/core/contacts.py",
        "run('''\n  insert or ignore into contact VALUES (1)''')",
    ),
    (vocabulary.sql_outside_storage, "wabridge/core/contacts.py", "run(f'DELETE FROM {table}')"),
    (vocabulary.sql_outside_storage, "wabridge/core/contacts.py", "run('CREATE TABLE contact (id)')"),
    (vocabulary.sql_outside_storage, "wabridge/core/contacts.py", "run('BEGIN IMMEDIATE')"),
    (vocabulary.composed_sql, "wabridge/storage/contacts.py", "run(f'SELECT * FROM {table}')"),
    (vocabulary.composed_sql, "wabridge/storage/contacts.py", "run(f'{start} WHERE id = {id}')"),
    (vocabulary.composed_sql, "wabridge/storage/contacts.py", "run('SELECT %s' % column)"),
    (vocabulary.composed_sql, "wabridge/storage/contacts.py", "run('SELECT {}'.format(column))"),
    (vocabulary.composed_sql, "wabridge/storage/contacts.py", "run(start + ' ORDER BY ' + column)"),
    (vocabulary.meta_word, "wabridge/core/inbound.py", "body['wa_id']"),
    (vocabulary.meta_word, "wabridge/web/webhook.py", "headers.get('X-Hub-Signature-256')"),
    (vocabulary.meta_word, "wabridge/gateway/sender.py", "body = {'messaging_product': 'whatsapp'}"),
    (vocabulary.waiting_model, "wabridge/model/window.py", "async def f(): ..."),
    (vocabulary.stray_task, "wabridge/gateway/sender.py", "asyncio.create_task(work())"),
    (vocabulary.stray_task, "wabridge/gateway/sender.py", "asyncio.get_running_loop().create_task(work())"),
    (vocabulary.stray_task, "wabridge/gateway/sender.py", "asyncio.ensure_future(work())"),
    (vocabulary.stray_task, "wabridge/gateway/sender.py", "from asyncio import create_task"),
    (vocabulary.stray_task, "wabridge/gateway/sender.py", "group = asyncio.TaskGroup()"),
]

ALLOWED: list[tuple[Rule, str, str]] = [
    (shape.long_file, "wabridge/model/contact.py", "x = 1\n" * 400),
    (shape.long_function, "wabridge/model/contact.py", f"def f():\n{STATEMENTS[:-10]}\n"),
    (shape.drawer_name, "wabridge/core/sessions.py", "class Sessions: ..."),
    (shape.silent_package, "wabridge/core/__init__.py", "'''People's work.'''"),
    (shape.silent_test, "tests/core/test_contacts.py", "def test_a():\n    'A lead is found.'"),
    (shape.client_that_is_no_person, "wabridge/model/contact.py", "class Standing:\n    CLIENT = 'client'"),
    (shape.client_that_is_no_person, "wabridge/whatsapp/cloud_api.py", "session: aiohttp.ClientSession"),
    (vocabulary.sql_outside_storage, "wabridge/storage/contacts.py", "run('PRAGMA optimize')"),
    (vocabulary.sql_outside_storage, "wabridge/web/words.py", "'Select a contact from the list'"),
    (vocabulary.sql_outside_storage, "wabridge/core/contacts.py", "'''SELECT is spoken in storage.'''"),
    (vocabulary.composed_sql, "wabridge/storage/database.py", "run(f'PRAGMA user_version = {version}')"),
    (vocabulary.composed_sql, "wabridge/storage/contacts.py", "run('SELECT id FROM contact WHERE id = ?', (id,))"),
    (vocabulary.meta_word, "wabridge/whatsapp/requests.py", "body = {'messaging_product': 'whatsapp'}"),
    (vocabulary.meta_word, "wabridge/core/inbound.py", "'''Never reads wa_id.'''"),
    (vocabulary.waiting_model, "wabridge/core/window.py", "async def f(): ..."),
    (vocabulary.stray_task, "wabridge/gateway/sender.py", "self.tasks.create_task(work())"),
    (vocabulary.stray_task, "wabridge/app.py", "group = asyncio.TaskGroup()"),
]


@pytest.mark.parametrize(("rule", "path", "text"), FORBIDDEN)
def test_a_rule_finds_what_it_forbids(rule: Rule, path: str, text: str) -> None:
    """A file that breaks a rule is reported with its line."""
    assert list(rule(Source(PurePosixPath(path), text)))


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_a_rule_leaves_alone_what_it_allows(rule: Rule, path: str, text: str) -> None:
    """A file that keeps a rule is not reported."""
    assert not list(rule(Source(PurePosixPath(path), text)))
