"""The agreement of the demonstration, between two nodes; the real organisations have signed nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kakehashi.agreements.document import Document, Permission, build
from kakehashi.agreements.terms import years_later
from kakehashi.records.kinds import CONVERSATION

NAMES: dict[str, dict[str, str]] = {
    "munich": {
        "de": "Demonstrationsknoten München",
        "ja": "デモノード・ミュンヘン",
        "en": "Demonstration node Munich",
    },
    "osaka": {
        "de": "Demonstrationsknoten Osaka",
        "ja": "デモノード・大阪",
        "en": "Demonstration node Osaka",
    },
}
REGIONS = {"munich": ("DE-BY",), "osaka": ("JP-25", "JP-26", "JP-27", "JP-28", "JP-29", "JP-30")}
NOTICE_DAYS = 183

# Public facts about the agreement between the real clusters, which the demonstration models.
HISTORY: list[dict[str, Any]] = [
    {
        "from": "2011-10-04",
        "until": "2015",
        "place": {"de": "Osaka", "ja": "大阪", "en": "Osaka"},
        "text": {
            "de": "Das Vorbild: erstmals unterzeichnet von BioM und Osaka Bio Headquarters.",
            "ja": "この協定の手本：BioMと大阪バイオ・ヘッドクオーターが初めて署名。",
            "en": "The model: first signed by BioM and Osaka Bio Headquarters.",
        },
    },
    {
        "from": "2015-11-02",
        "until": "2018-10-09",
        "text": {
            "de": "Nach Ablauf erneut unterzeichnet, mit einer neuen Klausel zur Internationalisierung "
            "kleiner und mittlerer Unternehmen; jede Clusterstelle wird Eingangstor für die Firmen der "
            "anderen Region.",
            "ja": "期間満了後に再び署名。中小企業の国際化に関する条項を加え、"
            "双方の事務局が相手地域の企業の窓口となる。",
            "en": "Signed again after the term had run out, with a new clause on taking small and mid-sized "
            "companies abroad; each cluster office becomes the entry portal for the other region's firms.",
        },
    },
    {
        "from": "2018-10-09",
        "until": "2022-10",
        "place": {"de": "Osaka", "ja": "大阪", "en": "Osaka"},
        "text": {
            "de": "Bis 2022 verlängert.",
            "ja": "2022年まで延長。",
            "en": "Extended until 2022.",
        },
    },
    {
        "from": "2022-10",
        "place": {"de": "Osaka", "ja": "大阪", "en": "Osaka"},
        "text": {
            "de": "Zum dritten Mal erneuert. Die öffentlichen Quellen nennen kein Ende.",
            "ja": "三度目の更新。公開資料に終期の記載はない。",
            "en": "Renewed for the third time. The public sources name no end.",
        },
    },
]


# The recipient in Osaka is a public body, outside of the adequacy decision (EU) 2019/419.
BASIS = {"munich": "gdpr-46-scc", "osaka": "appi-28-equivalent-country"}


def draft(*, id: UUID, munich: Document, osaka: Document, starts: datetime) -> Document:
    """Three years from `starts`; content and conversation both ways, people's contacts with the latter.

    The parties come from the nodes' cards.
    """
    sides = {"munich": munich, "osaka": osaka}
    return build(
        id=id,
        parties=[munich, osaka],
        permissions=[each for side in sides for each in _permissions(sides[side]["node"], REGIONS[side])],
        basis=[
            {"from": munich["node"], "to": osaka["node"], "ref": BASIS["munich"]},
            {"from": osaka["node"], "to": munich["node"], "ref": BASIS["osaka"]},
        ],
        starts=starts,
        until=years_later(starts, 3),
        notice_days=NOTICE_DAYS,
        history=HISTORY,
    )


def _permissions(node: str, regions: tuple[str, ...]) -> list[Permission]:
    content = Permission(node, regions=regions)
    talks = tuple(CONVERSATION)
    return [content, Permission(node, regions, kinds=talks, parts=("body", "person"), onward="members")]
