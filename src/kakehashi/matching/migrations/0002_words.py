"""The full-text table of search: one row a reading, its folded tokens parted by spaces (SQLite's FTS5).

PostgreSQL gets its own form with part 3 of the plan; until then it has no such table and search says so.
"""

from django.db import migrations

CREATE = """
CREATE VIRTUAL TABLE matching_words USING fts5(
    title, text, concepts, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So'"
)
"""
VOCABULARY = "CREATE VIRTUAL TABLE matching_vocabulary USING fts5vocab(matching_words, 'col')"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(CREATE)
        schema_editor.execute(VOCABULARY)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE matching_vocabulary")
        schema_editor.execute("DROP TABLE matching_words")


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
