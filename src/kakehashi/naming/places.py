"""Countries as they stand in addresses: ISO 3166-1 codes by names in English, German, Japanese, their own."""

_TABLE = """
AR argentina argentinien|AT austria oesterreich|AU australia australien|BD bangladesh
BE belgium belgien belgique|BG bulgaria|BR brazil brasil brasilien|BY belarus
CA canada kanada|CH switzerland schweiz suisse|CL chile|CN china "pr china" "p r china" 中国
CO colombia kolumbien|CR "costa rica"|CU cuba|CY cyprus zypern
CZ "czech republic" czechia tschechien|DE germany deutschland ドイツ
DK denmark daenemark danmark|EC ecuador|EE estonia estland|EG egypt aegypten
ES spain espana spanien|ET ethiopia|FI finland finnland|FR france frankreich フランス
GB "united kingdom" uk england scotland wales "northern ireland" 英国 イギリス|GH ghana
GR greece griechenland|HK "hong kong"|HR croatia kroatien|HU hungary ungarn|ID indonesia
IE ireland irland|IL israel|IN india indien インド|IQ iraq|IR iran|IS iceland island
IT italy italia italien イタリア|JP japan nippon 日本|KE kenya
KR "south korea" korea "republic of korea" 韓国|KZ kazakhstan|LK "sri lanka"
LT lithuania litauen|LU luxembourg luxemburg|LV latvia lettland|MA morocco
MX mexico mexiko|MY malaysia|NG nigeria
NL netherlands "the netherlands" niederlande nederland オランダ|NO norway norwegen norge
NZ "new zealand" neuseeland|PE peru|PH philippines|PK pakistan|PL poland polen polska
PT portugal|QA qatar|RO romania rumaenien|RS serbia serbien
RU russia "russian federation" russland|SA "saudi arabia"|SE sweden schweden sverige
SG singapore singapur シンガポール|SI slovenia slowenien|SK slovakia slowakei|TH thailand
TN tunisia|TR turkey tuerkei turkiye|TW taiwan 台湾|TZ tanzania|UA ukraine|UG uganda
UY uruguay|VE venezuela|VN vietnam "viet nam"
US usa us "united states" "united states of america" america 米国 アメリカ
ZA "south africa" suedafrika
"""


def _read() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _TABLE.replace("\n", "|").split("|"):
        code, _, rest = entry.partition(" ")
        several = rest.split('"')
        found |= dict.fromkeys([*several[1::2], *" ".join(several[::2]).split()], code)
    return found


COUNTRIES: dict[str, str] = _read()  # folded name: code
