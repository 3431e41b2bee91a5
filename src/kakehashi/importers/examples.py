"""One invented record of each kind: the example line of the templates, which is never imported."""

from typing import Any

from kakehashi.translation.texts import Texts, original, reviewed

_BY = "example"


def _texts(de: str, ja: str, en: str) -> Texts:
    return {"de": original(de), "ja": reviewed(ja, of=de, by=_BY), "en": reviewed(en, of=de, by=_BY)}


OWNER = {"origin": "example", "id": "00000000-0000-4000-8000-000000000000", "name": "Beispiel Biotech GmbH"}
_SOURCES = [
    {"url": "https://www.example.org/2026/11", "title": "Beispiel Biotech: Mitteilung", "date": "2026-11-22"}
]
_PROFILE: dict[str, Any] = {
    "lang": "de",
    "organisation": OWNER,
    "body": {"de": original("Beispiel: was es ist, wie es geprüft wurde, was noch fehlt. Einige Absätze.")},
    "advantages": {"de": original("Beispiel: 30 % weniger Wirkstoff bei gleicher Wirkung im Mausmodell.")},
    "stage": "lab_tested",
    "trl": 4,
    "medical_stage": "preclinical",
    "ipr": "applied",
    "partner_types": ["company", "investor"],
    "partnership": ["licence", "rd_cooperation"],
    "licence_territory": "Japan",
    "open_for_interest": True,
    "market_keywords": ["oncology"],
    "technology_keywords": ["bispecific antibodies"],
    "topics": ["antibodies", "oncology"],
    "keywords": _texts("Antikörper\nTumor", "抗体\n腫瘍", "antibody\ntumour"),
    "source_date": "2026-11",
    "sources": _SOURCES,
    "provenance": "posted",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "organisation": {
        "lang": "de",
        "names": {"de": "Beispiel Biotech GmbH", "ja": "ベイシュピール・バイオテック有限会社"},
        "reading": "べいしゅぴーるばいおてっく",
        "type": "company",
        "summary": _texts(
            "Beispiel: entwickelt Antikörper gegen solide Tumoren.",
            "例：固形がんに対する抗体を開発。",
            "Example: develops antibodies against solid tumours.",
        ),
        "region": "DE-BY",
        "city": "Martinsried",
        "latitude": "48.107",
        "longitude": "11.452",
        "website": "https://www.example.org",
        "sector": "antibody engineering",
        "founded": 2019,
        "employees": 24,
        "employees_year": 2025,
        "topics": ["antibodies", "oncology"],
        "provenance": "posted",
    },
    "offer": {
        **_PROFILE,
        "een_type": "TO",
        "title": _texts(
            "Beispiel: Antikörper gegen solide Tumoren",
            "例：固形がんに対する抗体",
            "Example: antibody against solid tumours",
        ),
        "summary": _texts(
            "Beispiel: Bispezifischer Antikörper, im Tiermodell geprüft, sucht einen Lizenznehmer.",
            "例：動物モデルで評価済みの二重特異性抗体。ライセンス先を募集。",
            "Example: a bispecific antibody, tested in animals, seeks a licensee.",
        ),
        "sought_partner": _texts(
            "Beispiel: Pharmaunternehmen.", "例：製薬企業。", "Example: pharma companies."
        ),
    },
    "request": {
        **_PROFILE,
        "een_type": "TR",
        "title": _texts(
            "Beispiel: Verfahren zur Aufreinigung von Antikörpern gesucht",
            "例：抗体の精製技術を募集",
            "Example: method for purifying antibodies sought",
        ),
        "summary": _texts(
            "Beispiel: Gesucht wird ein Verfahren für Chargen ab 50 Gramm.",
            "例：50グラム以上のロットに対応する方法を探している。",
            "Example: a method for batches of 50 grams and more is sought.",
        ),
        "sought_partner": _texts("Beispiel: Hersteller.", "例：製造企業。", "Example: manufacturers."),
    },
    "development": {
        "lang": "de",
        "organisation": OWNER,
        "title": _texts(
            "Beispiel: Finanzierung über 6 Mio. Euro",
            "例：600万ユーロの資金調達",
            "Example: financing of 6 million euros",
        ),
        "summary": _texts(
            "Beispiel: Mit dem Geld beginnt die erste Studie am Menschen.",
            "例：この資金で初のヒト試験を始める。",
            "Example: the money starts the first study in humans.",
        ),
        "event": "financing",
        "date": "2026-11-22",
        "amount": {"value": "6000000", "currency": "EUR"},
        "topics": ["financing", "antibodies"],
        "source_date": "2026-11-22",
        "sources": _SOURCES,
    },
    "academic": {
        "lang": "de",
        "organisation": {**OWNER, "name": "Beispiel-Universität"},
        "unit": _texts("Institut für Beispiele", "例示研究所", "Institute of Examples"),
        "title": _texts(
            "Beispiel: Bildgebung in lebenden Zellen", "例：生細胞イメージング", "Example: live cell imaging"
        ),
        "summary": _texts(
            "Beispiel: Mikroskopie von Zellen über mehrere Tage.",
            "例：細胞を数日間観察する顕微鏡法。",
            "Example: microscopy of cells over several days.",
        ),
        "methods": {"de": original("Beispiel: Lichtblattmikroskopie, Bildanalyse.")},
        "infrastructure": {"de": original("Beispiel: zwei Mikroskope, offen für Gäste.")},
        "collaboration": {"de": original("Beispiel: Messungen im Auftrag, gemeinsame Anträge.")},
        "key_works": ["10.1000/example.1"],
        "identifiers": ["https://orcid.org/0000-0000-0000-0000"],
        "topics": ["imaging"],
    },
    "practice": {
        "lang": "de",
        "organisation": {**OWNER, "name": "Beispiel-Cluster"},
        "title": _texts(
            "Beispiel: Gründerpreis vor der Gründung", "例：設立前の起業賞", "Example: award before founding"
        ),
        "summary": _texts(
            "Beispiel: Geld und Begleitung für Teams, die noch keine Firma sind.",
            "例：会社設立前のチームへの資金と支援。",
            "Example: money and guidance for teams that are no company yet.",
        ),
        "challenge": {"de": original("Beispiel: Niemand bezahlt die Validierung.")},
        "approach": {"de": original("Beispiel: Wettbewerb in drei Stufen.")},
        "results": {"de": original("Beispiel: 48 Bewerbungen, fünf Preise, drei Firmen.")},
        "lessons": {"de": original("Beispiel: Die Begleitung zählt so viel wie das Geld.")},
        "transferable_to": {"de": original("Beispiel: der Ablauf; nötig ist ein Geldgeber mit Geduld.")},
        "topics": ["technology_transfer"],
    },
}


def example(kind: str) -> dict[str, Any]:
    """The body of a kind's example (without "revision")."""
    return {"kind": kind, **EXAMPLES[kind]}
