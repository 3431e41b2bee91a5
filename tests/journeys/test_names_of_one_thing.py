"""Whoever searches for one thing by its German, Japanese or English name finds the same records."""

import re
import urllib.parse
import urllib.request

import pytest

from tests.supervisor import Bridge

ANSWER = re.compile(r'<h3><a href="(/de/records/[^"]+)"')
SAME = [
    ("人工知能", "KI", "AI", "ki", "künstliche Intelligenz", "artificial intelligence"),
    ("がん", "癌", "ガン", "Krebs", "cancer"),
    ("バイオリアクター", "バイオリアクタ", "培養槽", "Bioreaktor", "Bioreaktoren", "bioreactor"),
    (
        "抗体薬物複合体",
        "抗体・薬物複合体",
        "ADC",
        "Antikörper-Wirkstoff-Konjugate",
        "antibody-drug conjugate",
    ),
    ("細胞治療", "Zelltherapie", "Zelltherapien", "cell therapy"),
    ("シングルユース培養槽", "Einwegbioreaktor", "Einweg-Bioreaktoren", "single-use bioreactor"),
    ("NASH", "非アルコール性脂肪肝炎", "nicht-alkoholische Steatohepatitis"),
]


def found(bridge: Bridge, text: str) -> list[str]:
    """The addresses of the first answers, best first."""
    with urllib.request.urlopen(f"{bridge.munich}/de/search/?q={urllib.parse.quote(text)}") as answer:
        html = answer.read().decode()
    return ANSWER.findall(html.split('<section id="answers"')[1])


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_all_names_of_one_thing_find_the_same_records_in_the_same_order(
    bridge: Bridge, names: tuple[str, ...]
) -> None:
    first, *others = (found(bridge, name) for name in names)
    assert first
    for name, answer in zip(names[1:], others, strict=True):
        assert answer == first, name


def test_other_things_find_other_records(bridge: Bridge) -> None:
    answers = [tuple(found(bridge, names[0])) for names in SAME]
    assert len(set(answers)) == len(answers)
