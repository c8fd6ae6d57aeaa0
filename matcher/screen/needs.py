"""What the answers add up to: how dangerous withdrawal is, whether it needs care, whether there is a safe home."""

from ..vocabulary import UNKNOWN, Substance, WithdrawalRisk, mask
from .answers import YES, Answers

# TIP 45, chapter 4: withdrawal from alcohol and sedatives may kill, from opioids it endangers through relapse and
# overdose, and another substance may be like them. Stimulants and cannabis bring distress, rarely medical danger.
DANGEROUS = mask((Substance.ALCOHOL, Substance.OPIOIDS, Substance.BENZODIAZEPINES, Substance.OTHER))
"""Substances whose withdrawal may need medical care."""


def may_be_dangerous(answers: Answers) -> bool:
    """Whether withdrawal may need medical care, by what is used; so it may where that is not known."""
    return uses_opioids(answers) or not answers.substances or bool(answers.substances & DANGEROUS)


def risk(answers: Answers) -> WithdrawalRisk:
    """The withdrawal risk that the answers add up to; not known counts as moderate where it may be dangerous."""
    if _tells_severe(answers):
        return WithdrawalRisk.SEVERE
    if answers.withdrawal != UNKNOWN:
        return WithdrawalRisk.at(answers.withdrawal)
    return WithdrawalRisk.MODERATE if is_in_doubt(answers) else WithdrawalRisk.LOW


def is_in_doubt(answers: Answers) -> bool:
    """Whether withdrawal may be dangerous and nothing tells how much; who has finished treatment is past it."""
    silent = answers.withdrawal == UNKNOWN and not _tells_severe(answers)
    return silent and may_be_dangerous(answers) and answers.finished != YES


def _tells_severe(answers: Answers) -> bool:
    return YES in (answers.withdrawal_signs, answers.delirium, answers.stopping)


def is_severe(answers: Answers) -> bool:
    """Whether withdrawal needs care day and night."""
    return risk(answers) == WithdrawalRisk.SEVERE


def is_moderate(answers: Answers) -> bool:
    """Whether withdrawal needs care that may be given outpatient, and that no methadone program gives of itself."""
    return risk(answers) == WithdrawalRisk.MODERATE and not methadone_treats_it(answers)


def methadone_treats_it(answers: Answers) -> bool:
    """Whether the methadone that is wanted treats the withdrawal itself (TIP 63): of opioids, and no other danger."""
    return answers.methadone == YES and not answers.substances & DANGEROUS & ~Substance.OPIOIDS.bit


def uses_opioids(answers: Answers) -> bool:
    """Whether opioid use is known."""
    return answers.methadone == YES or bool(answers.substances & Substance.OPIOIDS.bit)


def home_is_safe(answers: Answers) -> bool:
    """Whether there is a home that is known to be safe."""
    return answers.home_safe == YES and answers.homeless != YES
