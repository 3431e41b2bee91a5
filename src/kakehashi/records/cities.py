"""Cities of both regions in three languages, so that a map can be read on either side of the bridge."""

from functools import cache


def _named(de: str, ja: str, en: str = "") -> dict[str, str]:
    return {"de": de, "ja": ja, "en": en or de}


CITIES = (
    _named("Augsburg", "アウクスブルク"),
    _named("Bayreuth", "バイロイト"),
    _named("Erlangen", "エアランゲン"),
    _named("Freising", "フライジング"),
    _named("Garching", "ガルヒンク"),
    _named("Gräfelfing", "グレーフェルフィング"),
    _named("Hallbergmoos", "ハルベルクモース"),
    _named("Ingolstadt", "インゴルシュタット"),
    _named("Landshut", "ランツフート"),
    _named("Martinsried", "マルティンスリート"),
    _named("München", "ミュンヘン", "Munich"),
    _named("Neubiberg", "ノイビーベルク"),
    _named("Neuherberg", "ノイヘルベルク"),
    _named("Neuried", "ノイリート"),
    _named("Nürnberg", "ニュルンベルク", "Nuremberg"),
    _named("Ottobrunn", "オットブルン"),
    _named("Penzberg", "ペンツベルク"),
    _named("Pfaffenhofen an der Ilm", "プファッフェンホーフェン"),
    _named("Planegg", "プラーネック"),
    _named("Regensburg", "レーゲンスブルク"),
    _named("Würzburg", "ヴュルツブルク"),
    _named("Amagasaki", "尼崎市"),
    _named("Ashiya", "芦屋市"),
    _named("Himeji", "姫路市"),
    _named("Hirakata", "枚方市"),
    _named("Ibaraki", "茨木市"),
    _named("Ikeda", "池田市"),
    _named("Ikoma", "生駒市"),
    _named("Kashihara", "橿原市"),
    _named("Kizugawa", "木津川市"),
    _named("Kōbe", "神戸市", "Kobe"),
    _named("Kusatsu", "草津市"),
    _named("Kyōto", "京都市", "Kyoto"),
    _named("Minoh", "箕面市"),
    _named("Nagahama", "長浜市"),
    _named("Nara", "奈良市"),
    _named("Nishinomiya", "西宮市"),
    _named("Osaka", "大阪市"),
    _named("Ōtsu", "大津市", "Otsu"),
    _named("Sakai", "堺市"),
    _named("Settsu", "摂津市"),
    _named("Suita", "吹田市"),
    _named("Takatsuki", "高槻市"),
    _named("Toyonaka", "豊中市"),
    _named("Uji", "宇治市"),
    _named("Wakayama", "和歌山市"),
)


@cache
def _by_form() -> dict[str, dict[str, str]]:
    return {form: names for names in CITIES for form in names.values()}


def city_names(city: str) -> dict[str, str]:
    """The names of a city given in any of its forms; empty for one that is not in the list."""
    return _by_form().get(city, {})


def forms(city: str) -> set[str]:
    """All forms under which one city may stand in records."""
    return {city, *city_names(city).values()}
