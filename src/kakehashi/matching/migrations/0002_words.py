"""The full-text table of search: one row a reading, its folded tokens parted by spaces.

SQLite: FTS5. PostgreSQL: lexemes of the same tokens under a GIN index; `named` are the concepts. Nothing is
parsed or folded there, so that no dictionary of the server has a say.
"""

from django.db import migrations

LEXEMES = "tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array({}, ' '), ''))) STORED"
CREATE = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE matching_words USING fts5(
            title, text, concepts, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So'"
        )
        """,
        # Gathered in memory before it is written as a part of the index, instead of 1 MiB: a third less work.
        f"INSERT INTO matching_words (matching_words, rank) VALUES ('hashsize', {16 * 2**20})",
    ),
    "postgresql": (
        f"""
        CREATE TABLE matching_words (
            rowid bigint PRIMARY KEY, title text NOT NULL, text text NOT NULL, concepts text NOT NULL,
            titled {LEXEMES.format("title")},
            said {LEXEMES.format("title || ' ' || text")},
            named {LEXEMES.format("concepts")}
        )
        """,
        "CREATE INDEX matching_words_found ON matching_words USING gin (titled, said, named)",
    ),
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE matching_words")


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
