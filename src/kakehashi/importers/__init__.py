"""Records from elsewhere: one file per source."""

import os

# openpyxl prefers lxml wherever it happens to be installed, and then leaves out defusedxml, which refuses
# XML bombs. Read when openpyxl is first imported, and this folder's files are the only ones that do.
os.environ["OPENPYXL_LXML"] = "False"
