"""Callers: how they travel, whom the law puts first, who they are as far as a program asks, and where."""

from enum import IntEnum

from .word import Word

_SAMHSA = "SAMHSA treatment locator service codes"
_HSDS = "HSDS 3.0 accessibility"


class TravelMode(Word):
    """How the caller gets there."""

    WALK = 0, "on foot", "a pie", "National Household Travel Survey modes"
    CAR = 1, "by car", "en coche", "National Household Travel Survey modes"
    TRANSIT = 2, "by bus or train", "en autobús o tren", "National Household Travel Survey modes"
    VAN = 3, "by the facility's van", "en la camioneta del centro", "SAMHSA code TA"
    RIDE_BENEFIT = 4, "by the Medicaid ride benefit", "con el transporte de Medicaid", "42 CFR 431.53"
    VIDEO = 5, "by video", "por video", "SAMHSA code TELE"


class Tier(Word):
    """Legal order of admission; the lower number comes first (45 CFR 96.131, 42 USC 300x-27)."""

    PREGNANT_AND_INJECTING = 0, "pregnant and injecting", "embarazada y se inyecta", "45 CFR 96.131"
    PREGNANT = 1, "pregnant", "embarazada", "45 CFR 96.131"
    INJECTING = 2, "injecting", "se inyecta", "45 CFR 96.131"
    ALL_OTHERS = 3, "all others", "todos los demás", "45 CFR 96.131"


class Gender(Word):
    """Whom a program accepts; of a party, everybody in it."""

    FEMALE = 0, "women", "mujeres", _SAMHSA
    MALE = 1, "men", "hombres", _SAMHSA
    ANOTHER = 2, "people of another gender", "personas de otro género", "asked of the caller; not in the locator"


class AgeGroup(Word):
    """Age groups a program accepts; of a party, everybody in it. The ages are those N-SUMHSS asks about."""

    ADOLESCENTS = 0, "under 18", "menores de 18", _SAMHSA
    YOUNG_ADULTS = 1, "18 to 25", "de 18 a 25", _SAMHSA
    ADULTS = 2, "26 to 64", "de 26 a 64", _SAMHSA
    SENIORS = 3, "65 and older", "de 65 o más", _SAMHSA

    @classmethod
    def of_years(cls, years: int) -> "AgeGroup":
        """The age group of a person of this age."""
        return cls.at(sum(years >= first for first in (18, 26, 65)))


class Population(Word):
    """Special populations: programs are designed for some, serve only some, or refuse some."""

    ADOLESCENTS = 0, "adolescents", "adolescentes", _SAMHSA
    YOUNG_ADULTS = 1, "young adults", "adultos jóvenes", _SAMHSA
    SENIORS = 2, "seniors", "personas mayores", _SAMHSA
    WOMEN = 3, "women", "mujeres", _SAMHSA
    MEN = 4, "men", "hombres", _SAMHSA
    PREGNANT_OR_POSTPARTUM = 5, "pregnant or postpartum women", "mujeres embarazadas o en posparto", _SAMHSA
    LGBTQ = 6, "LGBTQ people", "personas LGBTQ", _SAMHSA
    VETERANS = 7, "veterans", "veteranos", _SAMHSA
    ACTIVE_DUTY = 8, "active-duty military", "militares en servicio activo", _SAMHSA
    MILITARY_FAMILIES = 9, "military families", "familias de militares", _SAMHSA
    JUSTICE_INVOLVED = 10, "justice-involved people", "personas con causas judiciales", _SAMHSA
    DUI = 11, "people with a DUI or DWI", "personas con una causa por conducir ebrias", _SAMHSA
    CHRONIC_PAIN = 12, "people with chronic pain", "personas con dolor crónico", _SAMHSA
    HIV = 13, "people with HIV or AIDS", "personas con VIH o sida", _SAMHSA
    SEXUAL_ABUSE = 14, "survivors of sexual abuse", "sobrevivientes de abuso sexual", _SAMHSA
    DOMESTIC_VIOLENCE = 15, "survivors of domestic violence", "sobrevivientes de violencia doméstica", _SAMHSA
    TRAUMA = 16, "trauma survivors", "sobrevivientes de trauma", _SAMHSA
    ALCOHOL_USE = 17, "people with alcohol use disorder", "personas con trastorno por alcohol", _SAMHSA
    OPIOID_USE = 18, "people with opioid use disorder", "personas con trastorno por opioides", _SAMHSA


class Language(Word):
    """Languages care is given in. Two words stand for groups that the locator does not tell apart."""

    ENGLISH = 0, "English", "inglés", "every facility, unless it says otherwise"
    SPANISH = 1, "Spanish", "español", _SAMHSA
    SIGN_LANGUAGE = 2, "sign language", "lengua de señas", _SAMHSA
    NATIVE = 3, "an American Indian or Alaska Native language", "una lengua indígena de los Estados Unidos", _SAMHSA
    OTHER = 4, "a language other than Spanish", "un idioma distinto del español", _SAMHSA
    ARABIC = 5, "Arabic", "árabe", _SAMHSA
    CHINESE = 6, "Chinese", "chino", _SAMHSA
    CREOLE = 7, "Creole", "criollo", _SAMHSA
    FARSI = 8, "Farsi", "persa", _SAMHSA
    FRENCH = 9, "French", "francés", _SAMHSA
    GERMAN = 10, "German", "alemán", _SAMHSA
    GREEK = 11, "Greek", "griego", _SAMHSA
    HEBREW = 12, "Hebrew", "hebreo", _SAMHSA
    HINDI = 13, "Hindi", "hindi", _SAMHSA
    HMONG = 14, "Hmong", "hmong", _SAMHSA
    ITALIAN = 15, "Italian", "italiano", _SAMHSA
    JAPANESE = 16, "Japanese", "japonés", _SAMHSA
    KOREAN = 17, "Korean", "coreano", _SAMHSA
    POLISH = 18, "Polish", "polaco", _SAMHSA
    PORTUGUESE = 19, "Portuguese", "portugués", _SAMHSA
    RUSSIAN = 20, "Russian", "ruso", _SAMHSA
    TAGALOG = 21, "Tagalog", "tagalo", _SAMHSA
    VIETNAMESE = 22, "Vietnamese", "vietnamita", _SAMHSA
    NAVAJO = 23, "Navajo", "navajo", _SAMHSA
    OJIBWA = 24, "Ojibwa", "ojibwa", _SAMHSA
    YUPIK = 25, "Yupik", "yupik", _SAMHSA
    HOPI = 26, "Hopi", "hopi", _SAMHSA
    LAKOTA = 27, "Lakota", "lakota", _SAMHSA


class Access(Word):
    """What a place must have for this caller to use it."""

    WHEELCHAIR = 0, "step-free access for a wheelchair", "acceso sin escalones para silla de ruedas", _HSDS
    LOW_VISION = 1, "aids for low vision", "ayudas para baja visión", _HSDS
    HEARING = 2, "aids for hearing", "ayudas para la audición", _HSDS
    COGNITIVE = 3, "help with understanding and memory", "ayuda para comprender y recordar", _HSDS
    SERVICE_ANIMAL = 4, "a service animal admitted", "admisión de animal de servicio", _HSDS


State = IntEnum(
    "State",
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW",
    start=0,
)
"""States, the District, territories and freely associated states by postal code (USPS Publication 28)."""
