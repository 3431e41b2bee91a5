"""Small words of German and English that say nothing about a subject."""

_GERMAN = (
    "der die das den dem des ein eine einer eines einem einen und oder nicht mit von vom zu zum zur im "
    "in am an auf für bei nach aus über unter durch gegen ohne als auch ist sind war wird werden wurde "
    "wurden hat haben kann können sich wir ihr sie es dass wie wer was sowie bis seit zwischen er um so "
    "noch nur mehr sehr weitere weiteren alle andere anderen diese dieser dieses ihre ihren ihrer seine "
    "seinen seiner eigene eigenen erste ersten beide beiden zwei drei vier fünf sechs rund etwa dazu "
    "dabei damit darunter insbesondere sollen soll bietet sucht gesucht zudem außerdem hier dort heute "
    "jetzt je pro bereits dafür davon deren dessen welche werde würde unser unsere"
)
_ENGLISH = (
    "the a an of and to for with from by on at as in is are was were be been has have had that this "
    "these those which it its their our we they or not but can may will into through between against "
    "without than more who what where when also such other both all any each about over under up out so "
    "no one two three four five new using used use offers offer seeks seek wants wanted sought based "
    "including include includes made make makes gives give developed would could should being do does "
    "done there here then if because while after before during via per within among"
)
STOP = {"de": frozenset(_GERMAN.split()), "en": frozenset(_ENGLISH.split())}
