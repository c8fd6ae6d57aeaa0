"""Services and therapies a program offers and a caller may wish for."""

from .word import Word

_SAMHSA = "SAMHSA treatment locator service codes"
_OURS = "named by callers; no locator code"


class Service(Word):
    """Services and therapies a caller may wish for. ``data/tables/samhsa_codes.csv`` says which code means which."""

    INDIVIDUAL_COUNSELING = 0, "individual counseling", "terapia individual", _SAMHSA
    GROUP_COUNSELING = 1, "group counseling", "terapia de grupo", _SAMHSA
    FAMILY_COUNSELING = 2, "family counseling", "terapia familiar", _SAMHSA
    COUPLES_COUNSELING = 3, "couples counseling", "terapia de pareja", _SAMHSA
    RELAPSE_PREVENTION = 4, "relapse prevention", "prevención de recaídas", _SAMHSA
    STRESS_MANAGEMENT = 5, "stress management", "manejo del estrés", _OURS
    ASSERTIVENESS = 6, "assertiveness training", "entrenamiento en asertividad", _OURS
    PARENTING = 7, "parenting classes", "clases de crianza", _OURS
    TRAUMA_COUNSELING = 8, "trauma counseling", "terapia del trauma", _SAMHSA
    CASE_MANAGEMENT = 9, "case management", "gestión de casos", _SAMHSA
    DRUG_SCREENING = 10, "drug screening", "pruebas de drogas", _SAMHSA
    TWELVE_STEP = 11, "12-step facilitation", "facilitación de 12 pasos", _SAMHSA
    AFTERCARE_PLANNING = 12, "aftercare planning", "planificación del seguimiento", _SAMHSA
    ART_THERAPY = 13, "art therapy", "arteterapia", _OURS
    DANCE_THERAPY = 14, "dance therapy", "danzaterapia", _OURS
    DRAMA_THERAPY = 15, "drama therapy", "dramaterapia", _OURS
    MUSIC_THERAPY = 16, "music therapy", "musicoterapia", _OURS
    CRAFTS = 17, "crafts", "manualidades", _OURS
    ACUPUNCTURE = 18, "acupuncture", "acupuntura", _SAMHSA
    MASSAGE = 19, "massage", "masaje", _OURS
    BIOFEEDBACK = 20, "biofeedback", "biorretroalimentación", _OURS
    MEDITATION = 21, "meditation", "meditación", _OURS
    YOGA = 22, "yoga", "yoga terapéutico", _OURS
    COGNITIVE_BEHAVIORAL_THERAPY = 23, "cognitive behavioral therapy", "terapia cognitivo-conductual", _SAMHSA, "CBT"
    MOTIVATIONAL_INTERVIEWING = 24, "motivational interviewing", "entrevista motivacional", _SAMHSA
    CONTINGENCY_MANAGEMENT = 25, "contingency management", "manejo de contingencias", _SAMHSA
    ANGER_MANAGEMENT = 26, "anger management", "manejo de la ira", _SAMHSA
    PEER_SUPPORT = 27, "peer support", "apoyo de pares", _SAMHSA
    SELF_HELP_GROUPS = 28, "self-help groups", "grupos de autoayuda", _SAMHSA
    EMPLOYMENT_HELP = 29, "employment counseling", "orientación laboral", _SAMHSA
    HOUSING_HELP = 30, "help with housing", "ayuda con la vivienda", _SAMHSA
    SOCIAL_SKILLS = 31, "social skills development", "desarrollo de habilidades sociales", _SAMHSA
