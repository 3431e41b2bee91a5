"""A small directory whose names lie close to each other."""

from kakehashi.naming.matcher import Matcher
from kakehashi.naming.names import Organisation

ORGANISATIONS = (
    Organisation(
        "osaka", ("大阪大学", "The University of Osaka"), ("Osaka University", "おおさかだいがく"), ("OU",),
        cities=("Suita", "吹田市"), regions=("Osaka", "大阪府"), country="JP", kinds=frozenset({"education"}),
        identifiers=("https://ror.org/035t8zc32", "4120905002554"),
    ),
    Organisation(
        "osaka-hospital", ("大阪大学医学部附属病院", "Osaka University Hospital"),
        cities=("Suita", "吹田市"), regions=("Osaka", "大阪府"), country="JP",
    ),
    Organisation(
        "tum", ("Technische Universität München", "Technical University of Munich"), (), ("TUM",),
        cities=("München", "Munich", "ミュンヘン"), regions=("Bayern",), country="DE",
        kinds=frozenset({"education"}),
    ),
    Organisation(
        "lmu", ("Ludwig-Maximilians-Universität München", "LMU Munich"), ("Universität München",), ("LMU",),
        cities=("München", "Munich", "ミュンヘン"), regions=("Bayern",), country="DE",
        kinds=frozenset({"education"}),
    ),
    Organisation(
        "tubulis", ("Tubulis GmbH",), cities=("Planegg",), regions=("Bayern",), country="DE",
        kinds=frozenset({"company"}),
    ),
    Organisation(
        "peptistar", ("ペプチスター株式会社", "PeptiStar Inc."), cities=("Settsu", "摂津市"), country="JP",
        kinds=frozenset({"company"}),
    ),
    Organisation(
        "shimadzu", ("株式会社島津製作所", "Shimadzu Corporation"), cities=("Kyōto", "京都市"), country="JP",
        kinds=frozenset({"company"}),
    ),
    Organisation(
        "bayer-de", ("Bayer AG",), cities=("Leverkusen",), country="DE", kinds=frozenset({"company"}),
    ),
    Organisation(
        "bayer-jp", ("Bayer Yakuhin, Ltd.", "バイエル薬品株式会社"), ("Bayer",), cities=("Osaka", "大阪市"),
        country="JP", kinds=frozenset({"company"}),
    ),
    Organisation(
        "bayern-innovativ", ("Bayern Innovativ GmbH",), cities=("Nürnberg", "Nuremberg"), regions=("Bayern",),
        country="DE",
    ),
)  # fmt: skip

MATCHER = Matcher(ORGANISATIONS)
