"""Words that many organisations share, brought to one form across languages: Universität is university.

A row holds spellings of one word; the first is the form that all of them take. An -s at the end falls away.
"""

_ROWS = """
university universitaet universite universidad universita universidade universiteit universitet
university universitetet uniwersytet univerzita univerza universitatea universitat univ uni univerzitet
university egyetem yliopisto universitesi universitas universitair universitaire universitario
university universitari universitaria universitaeten universitetit universiti unversity univeristy
university universty
institute institut instituto istituto inst institutet instytut institutul instituut institutt instituti
institute intitute institue insitute instituteof kenkyujo
technical technische technisch technique tecnica tecnico technischen technischer technicka techniczny
technical tekniska
technology technologie technologia tecnologia technol technological tecnologico tecnologica tekniske
college collegio colegio kolleg
hospital hopital hopitaux krankenhau ospedale hospitalier ziekenhui szpital hospitalario sykehu sjukhu
hospital sygehu nemocnice hosp klinikum kliniken hospitalar spital byoin
clinic klinik clinica clinique klinika
center centre centro zentrum centrum centar centrul zentren centru ctr cent
school schule ecole escuela scuola escola skola
national nationale nazionale nacional natl narodowy nasjonal nationaal nationalen nazionali nationaux nac
national naz
academy akademie academie academia akademia accademia akademija acad
science wissenschaft wissenschaften sciencia ciencia scienze wetenschappen sci scientific scientifique
science scientifica scientifico nauk scientifiche
medicine medizin medicina medecine med medical medizinische medico medica medicale medizinischen
medicine geneeskunde medyczny medisch medicinal
research forschung recherche investigacion investigacione ricerca ricerche pesquisa onderzoek
research investigacao rech
laboratory laboratories lab laboratoire laboratorium laboratorio labor laborator laboratorie
foundation stiftung fondation fundacion fondazione fundacao fundacio stichting zaidan
state estadual estatal staatliche stato
federal federale eidgenoessische
health sante salud salute saude gesundheit
cancer kreb krebsforschung cancerologie
agriculture agricultural agricola agraria agronomique agrarian agricole landwirtschaft
engineering ingenierie ingenieria ingenieurwissenschaften
international internacional internationale internazionale intl
society gesellschaft societe sociedad societa sociedade
association associazione asociacion associacao verband
applied angewandte appliquee aplicada
biology biologie biologia biological biologique biologische
physics physik physique fisica physic
chemistry chemie chimie quimica chimica
biochemistry biochemie biochimie bioquimica
nuclear nucleaire nucleare
council consejo consiglio conseil
polytechnic polytechnique politecnico polytechnische politecnica politechnika politecnic politechnic
polytechnic polytech
pharmacy pharmazie pharmacie pharmaceutical farmacia
veterinary veterinaire veterinaria tieraerztliche vet
department dept departement departamento dipartimento abteilung dep
faculty facultad facolta faculte fakultaet faculdade fac
group gruppe groupe gruppo grupo
children kinder childrens childs paediatric pediatric
doctor dr
saint st ste sainte sankt
munich muenchen
vienna wien
cologne koeln
zurich zuerich
geneva geneve genf
nuremberg nuernberg
prague praha prag
milan milano mailand
rome roma
turin torino
florence firenze
naples napoli neapel
genoa genova
padua padova
venice venezia venedig
warsaw warszawa warschau
krakow cracow krakau
copenhagen kobenhavn kopenhagen koebenhavn
gothenburg goteborg goeteborg
lisbon lisboa
brussel bruxelle bruessel
antwerp antwerpen anver
ghent gent gand
leuven louvain
basel basle bale
bern berne
kyiv kiev
moscow moskau moskva
beijing peking
seville sevilla
bavaria bayern bavarian bayerische bayerisch
germany german deutsch deutsche deutschland germani
japan japanese nihon nippon
china chinese
india indian
swis schweizerische suisse svizzera
hungary hungarian
"""
# One word that says what others say in several.
_SEVERAL = {
    "universitaetsklinikum": "university hospital",
    "universitaetskliniken": "university hospital",
    "universitaetsklinik": "university hospital",
    "universitaetsspital": "university hospital",
    "universitaetsmedizin": "university medicine center",
    "universitetssjukhuset": "university hospital",
    "universitetssykehu": "university hospital",
    "forschungszentrum": "research center",
    "forschungsinstitut": "research institute",
    "fachhochschule": "university applied science",
    "umc": "university medicine center",
    "chu": "center hospital university",
    "tu": "technical university",
    "daigaku": "university",
    "kenkyusho": "institute",
    "biotech": "biotechnology",
    "pharma": "pharmacy",
    "chem": "chemistry",
    "phy": "physics",
}
_LITTLE = """
the of and for de la le les du des der die das den dem und fuer et e y do da di del della delle dei
degli in im am an a at by von van zu zur zum l d el lo los las dos das no i ved pri w och og aan
voor het to on its with mbh gmbh ggmbh ug ag kg kgaa ohg gbr ev se inc incorporated ltd limited llc
llp plc co company corp corporation kk gk bv nv sa spa srl ab oy as pty pte kabushiki godo kaisha
"""

FORMS: dict[str, tuple[str, ...]] = {
    word: (row.split()[0],) for row in _ROWS.splitlines() if row for word in row.split()
} | {word: tuple(several.split()) for word, several in _SEVERAL.items()}
LITTLE = frozenset(_LITTLE.split())  # words that tell no organisation from another
# Words that say what something is, not which one: they weigh little however few names are known.
COMMON = frozenset(
    form for row in _ROWS.partition("saint st")[0].splitlines() if row for form in row.split()[:1]
)


def forms(word: str) -> tuple[str, ...]:
    """What a folded word counts as: nothing for a little word, its common form, or itself without plural."""
    if word in LITTLE:
        return ()
    if word in FORMS:
        return FORMS[word]
    if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        return FORMS.get(word[:-1], (word[:-1],))
    return (word,)
