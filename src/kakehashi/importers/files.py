"""The one door for uploaded files: checks, then hands over to the reader for their form."""

from kakehashi.importers import tables, workbook
from kakehashi.importers.tables import Table


def read(name: str, data: bytes) -> Table:
    """The table in a CSV or XLSX file. FileRefused says why it cannot be used."""
    tables.check_size(len(data))
    if data.startswith(b"PK"):
        return workbook.read(name, data)
    tables.check_kind(name, data)
    return tables.read_csv(data)
