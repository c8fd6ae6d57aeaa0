"""The rules of the product, one a file, in the order in which reasons are read."""

from ..rule import Kind, Rule
from .accepting import accepting
from .accessibility import accessibility
from .admits import admits
from .age import age
from .child_places import child_places
from .children import children
from .closeness import closeness
from .co_occurring import co_occurring
from .continuity import continuity
from .cost import cost
from .excluded import excluded
from .exclusive import exclusive
from .first_session import first_session
from .gender import gender
from .indication import indication
from .language import language
from .level import level
from .medication import medication
from .nearby import nearby
from .own_program import own_program
from .payer import payer
from .pregnancy import pregnancy
from .program_seats import program_seats
from .reach import reach
from .report_age import report_age
from .ride_benefit import ride_benefit
from .schedule import schedule
from .seats import seats
from .starts import starts
from .therapist import therapist
from .van import van
from .van_seats import van_seats
from .video import video
from .walking import walking
from .weekly_travel import weekly_travel
from .wishes import wishes
from .withdrawal import withdrawal

RULES: tuple[Rule, ...] = (
    level,
    withdrawal,
    accepting,
    excluded,
    admits,
    exclusive,
    age,
    gender,
    pregnancy,
    language,
    accessibility,
    children,
    co_occurring,
    payer,
    medication,
    indication,
    video,
    walking,
    van,
    ride_benefit,
    nearby,
    reach,
    schedule,
    seats,
    program_seats,
    starts,
    van_seats,
    child_places,
    weekly_travel,
    first_session,
    closeness,
    cost,
    wishes,
    own_program,
    therapist,
    continuity,
    report_age,
)
"""Every rule; a rule that is not in this list does not exist."""

REQUIREMENTS = tuple(rule for rule in RULES if rule.kind is Kind.REQUIREMENT)
CAPACITIES = tuple(rule for rule in RULES if rule.kind is Kind.CAPACITY)
PREFERENCES = tuple(rule for rule in RULES if rule.kind is Kind.PREFERENCE)
