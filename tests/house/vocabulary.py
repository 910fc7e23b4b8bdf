"""Rules about which room may say what: SQL, Meta's keys, `async`, the birth of tasks."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import Source

SQL = re.compile(
    r"\s*(SELECT\s|WITH\s+\w+(\s*\([^)]*\))?\s+AS\s|PRAGMA\s|ATTACH\s|VACUUM\b"
    r"|(BEGIN( IMMEDIATE)?|COMMIT|ROLLBACK)\s*;?\s*$"
    r"|(?i:INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|ALTER\s+TABLE)\s"
    r"|(?i:(CREATE|DROP)\s+(UNIQUE\s+|VIRTUAL\s+|TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW))\s)"
)
# Any piece of a statement. PRAGMA is not among them: it takes no parameters, so its text has to be composed.
SQL_PIECE = re.compile(r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WHERE|ORDER BY|VALUES|LIMIT)\b")

# Keys and headers that only Meta uses; words it shares with everybody ("messages", "text") prove nothing.
META_WORDS = {
    "biz_opaque_callback_data",
    "display_phone_number",
    "error_data",
    "error_subcode",
    "fbtrace_id",
    "from_user_id",
    "hub.challenge",
    "hub.mode",
    "hub.verify_token",
    "messaging_product",
    "recipient_type",
    "wa_id",
    "whatsapp_business_account",
    "x-hub-signature",
    "x-hub-signature-256",
}
META_ROOMS = ("wabridge/whatsapp", "wabridge/sandbox")

# Where a task may be born outside app.py's group, and why.
OTHER_BIRTHPLACES = {
    "wabridge/sandbox/crew.py": "the pretend Meta stands outside the gateway, as the real one does",
    "wabridge/cli/export.py": "one worker for one bundle, while no server runs; the command ends with it",
}


def sql_outside_storage(source: Source) -> Iterator[str]:
    """Only storage speaks SQL."""
    if not source.is_in("wabridge/storage"):
        for line, text in source.strings():
            if SQL.match(text):
                yield f"{line}: SQL: {text.strip()[:40]!r}"


def composed_sql(source: Source) -> Iterator[str]:
    """Values reach SQL as parameters, never as text."""
    for node in ast.walk(source.tree):
        pieces = list(_composed_from(node))
        if any(SQL_PIECE.search(piece) for piece in pieces):
            yield f"{node.lineno}: composed SQL"  # type: ignore[attr-defined]  # only expressions are composed


def _composed_from(node: ast.AST) -> Iterator[str]:
    """Yield the literal parts of a text that is put together at run time."""
    if isinstance(node, ast.JoinedStr) and any(isinstance(part, ast.FormattedValue) for part in node.values):
        yield from (
            part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        sides = [node.left, node.right] if isinstance(node.op, ast.Add) else [node.left]
        yield from (side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str))
    elif (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "replace"}
    ):
        owner = node.func.value
        if isinstance(owner, ast.Constant) and isinstance(owner.value, str):
            yield owner.value


def meta_word(source: Source) -> Iterator[str]:
    """Only whatsapp and the pretend Meta spell Meta's keys."""
    if not source.is_in(*META_ROOMS):
        for line, text in source.strings():
            if text.lower() in META_WORDS:
                yield f"{line}: Meta's word {text!r}"


def waiting_model(source: Source) -> Iterator[str]:
    """Nothing in model waits."""
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    if source.is_in("wabridge/model"):
        for node in ast.walk(source.tree):
            if isinstance(node, waits):
                yield f"{node.lineno}: async"


def stray_task(source: Source) -> Iterator[str]:
    """A task is born only from the group that app.py hands down, so that none dies unseen."""
    if str(source.path) in OTHER_BIRTHPLACES:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "asyncio":
            if {alias.name for alias in node.names} & {"create_task", "ensure_future", "TaskGroup"}:
                yield f"{node.lineno}: imported by name; write asyncio.TaskGroup, so that a reader sees it"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _bears_task(node.func, source):
            yield f"{node.lineno}: {ast.unparse(node.func)}"


def _bears_task(call: ast.Attribute, source: Source) -> bool:
    owner = ast.unparse(call.value)
    if call.attr == "create_task":
        return owner == "asyncio" or "loop" in owner
    if call.attr == "TaskGroup":
        return owner == "asyncio" and str(source.path) != "wabridge/app.py"
    return call.attr == "ensure_future" or (call.attr == "run_coroutine_threadsafe" and owner == "asyncio")
