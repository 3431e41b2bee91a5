"""Dates and numbers in German (DIN 5008: a narrow space between thousands)."""

DATE_FORMAT = "j. F Y"
YEAR_MONTH_FORMAT = "F Y"
YEAR_FORMAT = "Y"
DATETIME_FORMAT = r"j. F Y, H:i \U\h\r"
TIME_FORMAT = r"H:i \U\h\r"
THOUSAND_SEPARATOR = "\u202f"
DECIMAL_SEPARATOR = ","
NUMBER_GROUPING = 3
