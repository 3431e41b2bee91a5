"""The one door for uploaded files: checks, then hands over to the reader for their form."""

from kakehashi.importers import tables, workbook
from kakehashi.importers.tables import Known, Table


def read(name: str, data: bytes, known: Known = lambda _cell: False) -> Table:
    """The table in a CSV or XLSX file. `known` tells the names of columns. FileRefused says why not."""
    tables.check_size(len(data))
    if data.startswith(b"PK"):
        return workbook.read(name, data)
    tables.check_kind(name, data)
    return tables.read_csv(data, known)
