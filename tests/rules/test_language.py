from matcher.rules.language import language
from matcher.vocabulary import Language

from ..facts import opening, referral


def test_a_spanish_speaker_and_a_deaf_caller_need_their_language() -> None:
    for word in (Language.SPANISH, Language.SIGN_LANGUAGE):
        caller = referral(languages=word.bit)
        assert language(caller, opening()) == 1
        assert language(caller, opening(languages_known=Language.ENGLISH.bit)) == -1
        assert language(caller, opening(languages=Language.ENGLISH.bit | word.bit)) == 0


def test_any_language_of_the_caller_is_enough_and_none_is_english() -> None:
    assert language(referral(languages=Language.SPANISH.bit | Language.ENGLISH.bit), opening()) == 0
    assert language(referral(languages=0), opening()) == 0
    assert language(referral(languages=0), opening(languages=Language.SPANISH.bit)) == 1
