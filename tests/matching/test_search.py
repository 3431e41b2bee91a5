"""Search finds across languages, by word and by meaning, and only what the viewer may see."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from kakehashi import cli, clock
from kakehashi.accounts.viewer import PUBLIC, Viewer
from kakehashi.matching import actions, queries
from kakehashi.matching.models import Indexed, Vector
from kakehashi.matching.queries import Filters, words
from kakehashi.records import actions as records
from kakehashi.records.models import Reading, Record
from kakehashi.translation.texts import original
from tests import cast

pytestmark = pytest.mark.django_db

NEWS = {
    "de": (
        "Neue Mensa für Studierende eröffnet",
        "In Weihenstephan gibt es jetzt mehr Sitzplätze beim Mittagessen.",
    ),
    "ja": ("瀬戸内海の漁業に新しい船", "淡路島の港で漁船の進水式が行われました。"),
    "en": ("A bicycle path along the river", "Commuters reach the campus faster and without cars."),
}


def found(viewer: Viewer, text: str, now: datetime, **filters: str) -> list[str]:
    """Titles in the records' own languages, best first."""
    hits = queries.search(viewer, text, Filters(**filters), now).hits
    return [hit.reading.title[hit.reading.lang] for hit in hits]


def offer(
    now: datetime,
    title: str,
    summary: str = "Aus Garching.",
    lang: str = "de",
    *,
    audience: str = "public",
    **changes: Any,
) -> Record:
    owner = changes.pop("owner", None) or cast.organisation(now)
    texts = {"title": {lang: original(title)}, "summary": {lang: original(summary)}, "lang": lang}
    body = {**cast.offer_body(owner), **texts, **changes}
    return cast.publish(records.create(viewer=cast.EDITOR, body=body, now=now), now, audience)


def fill(now: datetime) -> None:
    """Enough other texts that centring has something to centre."""
    owner = cast.organisation(now)
    for lang, (title, summary) in NEWS.items():
        for number in range(8):
            offer(now, f"{title} {number}", summary, lang, owner=owner, topics=["policy"])


def index(now: datetime) -> None:
    actions.encode_due(now=now)
    actions.match_due(now=now)


def test_a_german_query_finds_the_japanese_request(now: datetime) -> None:
    fill(now)
    cast.received(now, title={"ja": original("固形がんに対する抗体薬物複合体の導入を希望")})
    index(now)
    assert found(PUBLIC, "Antikörper-Wirkstoff-Konjugate gegen solide Tumoren", now)[0].startswith("固形がん")
    requests = found(PUBLIC, "Wer sucht Antikörper mit Wirkstoff gegen Tumoren?", now, side="osaka")
    assert requests == ["固形がんに対する抗体薬物複合体の導入を希望"]


@pytest.mark.parametrize("word", ["抗体", "がん", "導入", "複"])
def test_a_japanese_word_of_one_or_two_characters_is_found(word: str, now: datetime) -> None:
    cast.received(now)
    assert found(PUBLIC, word, now) == ["固形がんに対する抗体薬物複合体の導入を希望"]


def test_a_kanji_finds_what_is_written_in_kana(now: datetime) -> None:
    fill(now)
    cast.received(now)
    index(now)
    assert found(PUBLIC, "癌", now)[0].startswith("固形がん")


def test_a_word_is_found_in_the_transaction_that_wrote_it(now: datetime) -> None:
    offer(now, "Ribosomenfabrik in Garching")
    assert Vector.objects.count() == 0
    assert found(PUBLIC, "Ribosomenfabrik", now) == ["Ribosomenfabrik in Garching"]


@pytest.mark.parametrize(
    "typed", ["KI", "ki", "AI", "人工知能", "künstliche Intelligenz", "artificial intelligence"]
)
def test_names_of_one_concept_find_the_same(typed: str, now: datetime) -> None:
    fill(now)
    offer(now, "Künstliche Intelligenz in der Wirkstoffforschung", "KI plant die Versuche.")
    offer(now, "人工知能による創薬", "AIが候補化合物を提案します。", "ja")
    index(now)
    assert set(found(PUBLIC, typed, now)[:2]) == {
        "Künstliche Intelligenz in der Wirkstoffforschung",
        "人工知能による創薬",
    }


def test_parts_and_forms_of_german_words_are_found(now: datetime) -> None:
    offer(now, "Einwegbioreaktoren für kleine Ansätze", "Aus Ottobrunn.")
    assert found(PUBLIC, "Bioreaktor", now) == ["Einwegbioreaktoren für kleine Ansätze"]
    assert found(PUBLIC, "einweg-bioreaktor", now) == ["Einwegbioreaktoren für kleine Ansätze"]
    assert found(PUBLIC, "Einwegbior", now) == ["Einwegbioreaktoren für kleine Ansätze"]


def test_nobody_finds_what_may_not_be_seen_not_even_as_a_count(now: datetime) -> None:
    hidden = offer(now, "Geheimes Zytokin Alphabeta", audience="private")
    index(now)
    for viewer, count in ((PUBLIC, 0), (cast.READER, 0), (cast.EDITOR, 1)):
        for text in ("Zytokin Alphabeta", ""):
            answer = queries.search(viewer, text, Filters(kind="offer"), now)
            assert (answer.total, len(answer.hits)) == (count, count)
    records.set_level(viewer=cast.EDITOR, record_id=hidden.id, audience="public", now=now)
    assert found(PUBLIC, "Zytokin Alphabeta", now) == ["Geheimes Zytokin Alphabeta"]


def test_a_received_record_is_found_only_as_far_as_it_may_be_passed_on(now: datetime) -> None:
    cast.received(now, onward="members", tlp="GREEN")
    index(now)
    assert found(PUBLIC, "抗体薬物複合体", now) == []
    assert len(found(cast.EDITOR, "抗体薬物複合体", now)) == 1


def test_nothing_of_an_agreement_is_found_after_its_end(now: datetime) -> None:
    cast.received(now)
    index(now)
    later = now + timedelta(days=4 * 365)
    assert found(cast.EDITOR, "抗体薬物複合体", later) == []


def test_what_was_recalled_is_gone_from_every_table(now: datetime) -> None:
    record = cast.received(now)
    index(now)
    assert len(found(PUBLIC, "抗体", now)) == 1
    records.recall(
        origin="osaka.example", record_id=record, channel="osaka.example/kx/0123456789abcdef/0", now=now
    )
    assert found(PUBLIC, "抗体", now) == []
    assert Indexed.objects.count() == Vector.objects.count() == 0


def test_a_changed_text_is_read_again_and_the_old_one_forgotten(now: datetime) -> None:
    record = offer(now, "Ribosomenfabrik", "Aus Garching.")
    index(now)
    before = list(Vector.objects.filter(reading__record=record.id).values_list("values", flat=True))
    body = {**record.revisions.latest("number").body, "title": {"de": original("Zellwandlabor")}}
    records.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now + timedelta(hours=1))
    assert found(PUBLIC, "Zellwandlabor", now) == ["Zellwandlabor"]
    assert actions.encode_due(now=now) == 1
    assert found(PUBLIC, "Ribosomenfabrik", now) == []
    assert before != list(Vector.objects.filter(reading__record=record.id).values_list("values", flat=True))


def test_historical_records_come_after_all_others(now: datetime) -> None:
    old = offer(now, "Zellwandlabor früher", "Zellwandlabor.", source_date="2014-03-01")
    new = offer(now, "Ein Labor", "Unter anderem ein Zellwandlabor.", source_date="2026-03-01")
    index(now)
    hits = queries.search(PUBLIC, "Zellwandlabor", Filters(), now).hits
    assert [hit.reading.record for hit in hits] == [new.id, old.id]


def test_each_filter_limits_the_answer(now: datetime) -> None:
    mine = cast.offer(now, topics=["antibodies"])
    cast.received(now, topics=["vaccines"])
    index(now)
    ours, theirs = "Antikörper gegen solide Tumoren", "固形がんに対する抗体薬物複合体の導入を希望"
    for text in ("Tumoren", ""):
        assert found(PUBLIC, text, now, kind="offer") == [ours]
        assert found(PUBLIC, text, now, kind="request") == [theirs]
        assert found(PUBLIC, text, now, side="osaka") == [theirs]
        assert found(PUBLIC, text, now, topic="vaccines") == [theirs]
        assert found(PUBLIC, text, now, region="JP-27") == [theirs]
        assert found(PUBLIC, text, now, lang="ja") == [theirs]
        assert found(PUBLIC, text, now, clause="c1") == [theirs]
        assert found(PUBLIC, text, now, kind="offer", organisation=str(mine.owner)) == [ours]
        assert found(PUBLIC, text, now, kind="offer", lang="ja") == []
        assert found(PUBLIC, text, now, organisation="no uuid") == []


def test_rows_of_the_score_add_up(now: datetime) -> None:
    fill(now)
    cast.received(now)
    index(now)
    for hit in queries.search(PUBLIC, "抗体", Filters(), now).hits:
        assert hit.score is not None
        assert hit.score.total == pytest.approx(sum(row.value for row in hit.score.components))


@pytest.mark.parametrize(
    "text",
    ["\x00", "\ud800", "😀", "\ufdfa" * 10_000, "a" * 100_000, '"', "' OR 1=1 --", "title : x", "NEAR(a b)",
     "(", "* *", "<script>alert(1)</script>", "AND", "-", "ALL CAPS ANTIBODY", "癌" * 5_000, "a\x00b"],
)  # fmt: skip
def test_hostile_queries_are_answered(text: str, now: datetime) -> None:
    cast.offer(now)
    index(now)
    answer = queries.search(PUBLIC, text, Filters(), now)
    assert answer.total >= len(answer.hits)


def test_encoding_resumes_where_it_stopped(now: datetime) -> None:
    fill(now)
    waiting = queries.progress().texts
    assert actions.encode_due(now=now, limit=5) == 5
    assert queries.progress()[:2] == (5, waiting)
    assert actions.encode_due(now=now) == waiting - 5
    assert actions.encode_due(now=now) == 0


def test_reindex_brings_back_the_same_answers(now: datetime) -> None:
    fill(now)
    cast.received(now)
    index(now)
    before = [(h.reading.pk, h.score) for h in queries.search(PUBLIC, "抗体の開発", Filters(), now).hits]
    assert actions.reindex() == Reading.objects.count()
    index(now)
    assert [
        (h.reading.pk, h.score) for h in queries.search(PUBLIC, "抗体の開発", Filters(), now).hits
    ] == before


def test_what_a_viewer_may_not_see_takes_no_place_among_the_hits_of_a_word(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST", 3)
    owner = cast.organisation(now)
    for number in range(6):  # better hits: the word in the title, and nothing else
        offer(now, "Zellwandlabor", f"{number}.", owner=owner, audience="private")
    offer(now, "Ein öffentliches Labor", "Es heißt auch Zellwandlabor in Garching.", owner=owner)
    assert found(PUBLIC, "Zellwandlabor", now) == ["Ein öffentliches Labor"]
    assert len(found(cast.EDITOR, "Zellwandlabor", now)) == 3


def test_the_command_shows_titles_as_they_are_and_what_is_historical() -> None:
    now = clock.now()
    offer(now, "Antikörper [bold]Nr. 5[/] [/x] [18F]FDG")
    Reading.objects.filter(kind="offer").update(historical=True)
    index(now)
    said = CliRunner().invoke(cli.build("search"), ["search", "Antikörper"])
    shown = " ".join(said.stdout.split())
    assert said.exit_code == 0, said.output
    assert "offer, historical" in shown
    assert "[bold]Nr. 5[/] [/x] [18F]FDG" in shown
