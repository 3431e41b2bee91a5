"""What is said of a practice is put in the same order on both nodes, whatever arrives when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.practices.thread import Saying, thread

PRACTICE = ("munich.example", "practice")
OWNER, OTHER, THIRD = (UUID(int=number) for number in range(3))
START = datetime(2026, 1, 1, tzinfo=UTC)


def saying(
    id: str, says: str, *, owner: UUID = OTHER, about: tuple[str, str] = PRACTICE, day: int = 0
) -> Saying:
    return Saying(("osaka.example", id), about, says, owner, START + timedelta(days=day))


sayings = st.lists(
    st.builds(
        saying,
        st.sampled_from("abcdefgh"),
        st.sampled_from(["question", "answer", "endorsement", "adoption"]),
        owner=st.sampled_from([OWNER, OTHER, THIRD]),
        about=st.sampled_from([PRACTICE, ("osaka.example", "a"), ("osaka.example", "b")]),
        day=st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda each: each.key,
)


@given(sayings, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(said: list[Saying], random: object) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert thread(PRACTICE, OWNER, shuffled) == thread(PRACTICE, OWNER, said)


@given(sayings)
def test_nobody_praises_its_own_and_each_organisation_counts_once(said: list[Saying]) -> None:
    found = thread(PRACTICE, OWNER, said)
    for group in (found.endorsements, found.adoptions):
        owners = [each.owner for each in group]
        assert OWNER not in owners
        assert len(owners) == len(set(owners))


def test_the_last_word_on_taking_over_counts() -> None:
    first, last = saying("a", "adoption", day=1), saying("b", "adoption", day=5)
    assert thread(PRACTICE, OWNER, [last, first]).adoptions == [last]


def test_an_answer_stands_below_its_question_and_waits_for_it() -> None:
    question = saying("q", "question")
    answer = saying("a", "answer", owner=OWNER, about=question.key, day=1)
    assert thread(PRACTICE, OWNER, [answer]).empty
    (found,) = thread(PRACTICE, OWNER, [answer, question]).questions
    assert (found.asked, found.answers) == (question, [answer])
