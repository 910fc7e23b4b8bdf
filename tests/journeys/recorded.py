"""Whatever a journey did: each row that belongs into the ledger has its leaf, and says what was recorded."""

from wabridge.broker import Broker
from wabridge.clock import Clock
from wabridge.core import verification
from wabridge.core.office import Office
from wabridge.settings import Settings
from wabridge.storage import master_key
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.replacement import DATABASE, KEYRING, VAULT
from wabridge.storage.vault import Vault


async def require_all(settings: Settings, clock: Clock) -> None:
    """Fail if the data of a site that has stopped contradicts its ledger."""
    folder = settings.data_folder
    keyring = Keyring.open(folder / KEYRING, master_key.read(settings))
    database = await Database.open(folder / DATABASE, keyring.get("database"), clock=clock)
    try:
        vault = Vault(folder / VAULT, keyring)
        office = Office(settings, database, Broker(), clock, bytes(32), is_sandbox=False, vault=vault, bundles=vault)
        for check in (verification.check_ledger, verification.check_rows):
            assert [finding.says async for finding in check(office) if not finding.is_good] == []
    finally:
        await database.close()
