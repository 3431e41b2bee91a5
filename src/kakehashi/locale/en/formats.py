"""Dates and numbers in English as Europe and Japan write it: the day first, no abbreviations."""

DATE_FORMAT = "j F Y"
YEAR_MONTH_FORMAT = "F Y"
YEAR_FORMAT = "Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
NUMBER_GROUPING = 3
