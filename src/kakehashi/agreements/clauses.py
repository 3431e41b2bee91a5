"""The clause library: the five promises that agreements of this kind make, in three languages."""

from dataclasses import dataclass
from typing import Any, TypeAlias

Words: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class Clause:
    """One promise. `kinds` are the records that fulfil it; none where it is counted from something else."""

    id: str
    kinds: tuple[str, ...]
    title: Words
    text: Words

    def document(self) -> dict[str, Any]:
        """The clause as it stands in an agreement (EXCHANGE.md section 4)."""
        return {"id": self.id, "title": dict(self.title), "text": dict(self.text)}


# Organisations and the conversation between the sides serve whatever was promised.
SERVES_ALL = (
    "organisation",
    "interest",
    "reply",
    "outcome",
    "confirmation",
    "comment",
    "mission",
    "tally",
    "term",
)

TITLE: Words = {
    "de": "Vereinbarung über grenzüberschreitende Zusammenarbeit in Biotechnologie und Lebenswissenschaften",
    "ja": "バイオテクノロジー・ライフサイエンス分野における国際連携協定",
    "en": "Agreement on transnational cooperation in biotechnology and life sciences",
}
PREAMBLE: Words = {
    "de": "Die Parteien unterrichten einander so, dass beide Cluster und ihre Unternehmen gewinnen.",
    "ja": "両当事者は、双方のクラスターとその企業がともに利益を得られるよう、情報を交換します。",
    "en": "The parties inform each other so that both clusters and their companies gain.",
}

FIVE = (
    Clause(
        "c1",
        ("offer", "request"),
        {"de": "Neue Technologien", "ja": "新技術", "en": "New technologies"},
        {
            "de": "Die Parteien unterrichten einander über neue Technologien ihrer Regionen: was ihre "
            "Mitglieder anbieten und was sie suchen.",
            "ja": "両当事者は、それぞれの地域の新技術について、"
            "会員が提供するものと求めるものを互いに知らせます。",
            "en": "The parties inform each other of new technologies of their regions: what their members "
            "offer and what they look for.",
        },
    ),
    Clause(
        "c2",
        ("development",),
        {"de": "Entwicklungen der Industrie", "ja": "産業の動向", "en": "Industrial developments"},
        {
            "de": "Die Parteien unterrichten einander über Entwicklungen der Industrie: Finanzierungen, "
            "Lizenzen, klinische Meilensteine, Zulassungen, Gründungen und Erweiterungen.",
            "ja": "両当事者は、資金調達、ライセンス、臨床開発の節目、承認、設立、拡張など、"
            "産業の動向を互いに知らせます。",
            "en": "The parties inform each other of developments in the industry: financing, licences, "
            "clinical milestones, approvals, foundations and expansions.",
        },
    ),
    Clause(
        "c3",
        ("academic",),
        {"de": "Akademisches Potenzial", "ja": "学術ポテンシャル", "en": "Academic potential"},
        {
            "de": "Die Parteien unterrichten einander über das akademische Potenzial ihrer Regionen und "
            "darüber, woran die Industrie mit ihm arbeiten kann.",
            "ja": "両当事者は、それぞれの地域の学術ポテンシャルと、"
            "産業界がそれとともに取り組めることを互いに知らせます。",
            "en": "The parties inform each other of the academic potential of their regions and of what "
            "industry can work on with it.",
        },
    ),
    Clause(
        "c4",
        ("practice",),
        {
            "de": "Bewährte Praxis im Technologietransfer",
            "ja": "技術移転のベストプラクティス",
            "en": "Best practice in technology transfer",
        },
        {
            "de": "Die Parteien tauschen bewährte Beispiele des Technologietransfers aus, mit Ergebnissen, "
            "Lehren und dem, was die andere Region übernehmen könnte.",
            "ja": "両当事者は、技術移転の優れた事例を、成果、教訓、"
            "相手地域が取り入れられることとともに交換します。",
            "en": "The parties exchange best-practice examples in technology transfer, with results, "
            "lessons and what the other region could take over.",
        },
    ),
    Clause(
        "c5",
        (),
        {
            "de": "Nutzen für kleine und mittlere Unternehmen",
            "ja": "中小企業の利益",
            "en": "Benefit for small and mid-sized companies",
        },
        {
            "de": "Die Zusammenarbeit dient besonders den kleinen und mittleren Unternehmen der "
            "Biotechnologie und soll für beide Cluster ein Gewinn sein.",
            "ja": "この連携は、とくに中小のバイオ企業の役に立ち、"
            "双方のクラスターに利益をもたらすものとします。",
            "en": "The cooperation serves small and mid-sized biotechnology companies in particular, and "
            "is to be a gain for both clusters.",
        },
    ),
)


def serving(kind: str, clauses: tuple[Clause, ...] = FIVE) -> tuple[str, ...]:
    """Ids of the clauses that records of `kind` serve; organisations and conversations serve all."""
    if kind in SERVES_ALL:
        return tuple(clause.id for clause in clauses)
    return tuple(clause.id for clause in clauses if kind in clause.kinds)
