"""The ledger's terms: how long a promise holds, and by when somebody must have acted; numbers of ``policy.csv``."""

from typing import Annotated, NamedTuple

from matcher.records import Field


class Terms(NamedTuple):
    """One number each, in the unit it names."""

    hold_minutes: Annotated[int, Field("minutes a hold lasts")]
    hold_extensions: Annotated[int, Field("times a hold can be extended by as long again")]
    offer_minutes: Annotated[int, Field("minutes an offer from the waitlist lasts")]
    follow_up_day_hours: Annotated[int, Field("hours from admission to the first follow-up")]
    follow_up_three_days_hours: Annotated[int, Field("hours from admission to the second follow-up")]
    follow_up_month_hours: Annotated[int, Field("hours from admission to the third follow-up")]
    interim_hours: Annotated[int, Field("hours till interim services, for the legal priorities")]
    admission_days: Annotated[int, Field("days till admission, for the legal priorities")]
    interim_admission_days: Annotated[int, Field("days till admission where interim services are given")]
    overpromised_hours: Annotated[int, Field("hours till a seat promised twice over by a report has a place")]
    capacity_notice_percent: Annotated[int, Field("percent of a program's seats in use at which the state is told")]
    capacity_notice_days: Annotated[int, Field("days within which it is told")]
    sign_in_free: Annotated[int, Field("failed attempts of a login before it must wait")]
    sign_in_address_free: Annotated[int, Field("failed attempts from an address before it must wait")]
    sign_in_wait_seconds: Annotated[int, Field("seconds of the first wait; each failure more doubles it")]
    sign_in_longest_minutes: Annotated[int, Field("minutes of the longest wait")]
    sign_in_most: Annotated[int, Field("failed attempts of a login after which only a new password helps")]
    sign_in_forget_hours: Annotated[int, Field("quiet hours after which an address's failures are forgotten")]
    sign_in_place_days: Annotated[int, Field("days for which the place of a sign-in that was right is known")]
    small_cell: Annotated[int, Field("people in a count below which it is not told exactly to everybody")]
