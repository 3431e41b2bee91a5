"""Names of organisations across scripts: legal forms set aside, kana read as Latin, one key to compare by."""

import re

from kakehashi.text.fold import fold
from kakehashi.text.kana import romaji

# Legal forms as they look after folding; longer ones first, so that "gmbh & co. kg" goes before "gmbh".
_LATIN_FORMS = (
    "gmbh & co. kgaa|gmbh & co. kg|gmbh & co kg|ag & co. kgaa|se & co. kgaa|ug (haftungsbeschraenkt)"
    "|ggmbh|gmbh|mbh|ug|kgaa|aktiengesellschaft|ag|kg|ohg|gbr|e. v.|e.v.|ev|se"
    "|public limited company|limited|ltd.|ltd|incorporated|inc.|inc|corporation|corp.|corp|company|co.|co"
    "|llc|llp|plc|k. k.|k.k.|kk|g.k.|gk|kabushiki kaisha|godo kaisha|b.v.|bv|n.v.|nv|s.a.|sa|s.p.a.|spa"
    "|ab|oy|a/s|as|pte|pty"
)
_LATIN_FORM = re.compile(
    rf"(?:^|(?<=[\s,]))(?:{'|'.join(map(re.escape, _LATIN_FORMS.split('|')))})(?=$|[\s,.)])"
)
_JAPANESE_FORM = re.compile(  # fold() has already turned ㈱ and （株） into (株)
    "株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|公益社団法人|一般財団法人"
    "|公益財団法人|国立大学法人|公立大学法人|学校法人|医療法人(?:社団|財団)?"
    r"|地方独立行政法人|独立行政法人|国立研究開発法人|特定非営利活動法人|\((?:株|有|同|一社|一財|公財|独|国研)\)"
)
_NOISE = re.compile(r"[^\w]+")


def without_legal_form(name: str) -> str:
    """The folded name without GmbH, AG, 株式会社, (株), K.K., Ltd.; never empty for a name with letters."""
    folded = fold(name)
    bare = _words(_LATIN_FORM.sub(" ", without_japanese_form(folded)))
    return bare or _words(folded)


def without_japanese_form(folded: str) -> str:
    """A folded text without 株式会社, (株), 国立大学法人, 学校法人 and their like."""
    return _JAPANESE_FORM.sub(" ", folded)


def key(name: str) -> str:
    """What two spellings of one name share: folded, without legal form, kana in Latin, no spaces."""
    return romaji(without_legal_form(name).replace(" ", ""))


def _words(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text).split())
