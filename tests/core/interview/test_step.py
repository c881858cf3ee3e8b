"""One event moves one interview.

Each test is a short talk: `talk(questionnaire, *messages)` begins an interview, consents, and says the messages.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.interview.records import (
    AnswerStatus,
    AskConsent,
    AskItem,
    AskLanguage,
    Corrected,
    Effect,
    Ending,
    Interview,
    Joined,
    Left,
    Menu,
    OptOut,
    Pressed,
    Said,
    Shared,
    Show,
    ShowNote,
    Stage,
    Tell,
)
from bot.core.interview.step import begin, step
from bot.core.phrases import (
    ALREADY_DONE,
    CANNOT_GO_BACK,
    CANNOT_SKIP,
    CHOOSE_FROM_LIST,
    CONSENT_REFUSED,
    CONSENT_UNCLEAR,
    CONSTRAINT_FAILED,
    EDIT_NOT_TAKEN,
    ENGLISH,
    KEPT_AS_WRITTEN,
    PAUSED,
    STOPPED,
    THANKS,
    TWO_READINGS,
    UNCLEAR_BUTTON,
    UNCLEAR_MEDIA,
    WE_GO_ON,
    WELCOME_BACK,
    Phrasebook,
)
from bot.core.questionnaire import Questionnaire
from tests.support.consultations import NOON, questionnaire

COOKING = """
- {name: cooks_with, type: select_one, label: "What do you cook with?", choices: [
    {name: wood, label: Firewood}, {name: gas, label: Gas}, {name: power, label: Electricity}]}
- {name: hours, type: integer, label: "Hours a week?", relevant: "${cooks_with} = 'wood'",
   constraint: ". <= 168", required: false}
- {name: price, type: decimal, label: "What does it cost?", relevant: "${cooks_with} != 'wood'"}
- {name: wish, type: text, label: "What would you change?"}
"""


def start(of: Questionnaire) -> Interview:
    interview, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
    interview, _ = step(of, interview, Said(NOON, "1"))
    return interview


def talk(of: Questionnaire, *messages: str) -> tuple[Interview, tuple[Effect, ...]]:
    interview: Interview = start(of)
    effects: tuple[Effect, ...] = ()
    for message in messages:
        interview, effects = step(of, interview, Said(NOON, message))
    return interview, effects


def standing(interview: Interview) -> dict[str, str]:
    return {slot: answer.value for slot, answer in interview.answers.items() if answer.relevant}


def told(effects: tuple[Effect, ...]) -> list[object]:
    return [effect.phrase if isinstance(effect, Tell) else effect for effect in effects]


class TestConsent:
    def test_is_asked_before_the_first_item(self) -> None:
        of = questionnaire(COOKING)
        interview, effects = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        assert effects == (AskConsent(),)
        assert interview.stage is Stage.CONSENT

    @pytest.mark.parametrize("reply", ["1", "yes", "Yes please", "OK", "👍", "١"])
    def test_given(self, reply: str) -> None:
        of = questionnaire(COOKING)
        asked, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        interview, effects = step(of, asked, Said(NOON, reply))
        assert effects == (AskItem("cooks_with"),)
        assert interview.consented_at == NOON

    @pytest.mark.parametrize("reply", ["2", "no", "No.", "👎"])
    def test_refused_ends_politely(self, reply: str) -> None:
        of = questionnaire(COOKING)
        asked, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        interview, effects = step(of, asked, Said(NOON, reply))
        assert told(effects) == [CONSENT_REFUSED]
        assert interview.ending is Ending.REFUSED
        assert interview.answers == {}

    def test_an_unclear_reply_is_no_consent(self) -> None:
        of = questionnaire(COOKING)
        asked, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        interview, effects = step(of, asked, Said(NOON, "who is this?"))
        assert told(effects) == [CONSENT_UNCLEAR, AskConsent()]
        assert interview.consented_at is None

    @pytest.mark.parametrize("reply", ["yess", "noo", "maybe", "3"])
    def test_is_not_guessed_from_a_word_that_is_nearly_one(self, reply: str) -> None:
        of = questionnaire(COOKING)
        asked, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        interview, _ = step(of, asked, Said(NOON, reply))
        assert interview.stage is Stage.CONSENT

    def test_who_refused_may_join_again(self) -> None:
        of = questionnaire(COOKING)
        asked, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        refused, _ = step(of, asked, Said(NOON, "2"))
        interview, effects = step(of, refused, Joined(NOON))
        assert effects == (AskConsent(),)
        assert interview.ending is None


class TestSkipLogic:
    def test_only_what_is_relevant_is_asked(self) -> None:
        assert talk(questionnaire(COOKING), "2")[1] == (AskItem("price"),)
        assert talk(questionnaire(COOKING), "1")[1] == (AskItem("hours"),)

    def test_the_last_answer_completes(self) -> None:
        interview, effects = talk(questionnaire(COOKING), "1", "6", "less smoke")
        assert told(effects) == [THANKS]
        assert interview.ending is Ending.COMPLETE
        assert standing(interview) == {"cooks_with": "wood", "hours": "6", "wish": "less smoke"}

    def test_a_changed_answer_takes_the_relevance_of_others_and_keeps_them(self) -> None:
        interview, effects = talk(questionnaire(COOKING), "1", "6", "back", "back", "2")
        assert effects == (AskItem("price"),)
        assert standing(interview) == {"cooks_with": "gas"}
        assert interview.answers["hours"].value == "6"
        assert not interview.answers["hours"].relevant

    def test_an_answer_that_is_relevant_again_is_not_asked_again(self) -> None:
        interview, effects = talk(questionnaire(COOKING), "1", "6", "back", "back", "2", "back", "1")
        assert effects == (AskItem("wish"),)
        assert standing(interview) == {"cooks_with": "wood", "hours": "6"}

    def test_conditions_see_no_answer_that_is_not_relevant(self) -> None:
        of = questionnaire(
            COOKING + "- {name: long_hours, type: text, label: Why so long, relevant: '${hours} > 5'}\n"
        )
        interview, effects = talk(of, "1", "6", "back", "back", "2", "3.5", "less smoke")
        assert interview.ending is Ending.COMPLETE
        assert told(effects) == [THANKS]

    def test_a_group_is_left_out_as_a_whole(self) -> None:
        of = questionnaire("""
        - {name: farms, type: select_one, label: "Do you farm?", choices: [{name: y, label: Yes}, {name: n, label: No}]}
        - name: farm
          type: group
          relevant: ${farms} = 'y'
          items:
            - {name: hectares, type: decimal, label: "How large?"}
            - {name: crop, type: text, label: "Which crop?"}
        - {name: last, type: text, label: "Anything else?"}
        """)
        assert talk(of, "2")[1] == (AskItem("last"),)
        assert talk(of, "1")[1] == (AskItem("hectares"),)

    def test_notes_go_with_the_next_question_and_calculations_pass(self) -> None:
        of = questionnaire("""
        - {name: born, type: integer, label: "Year of birth?"}
        - {name: age, type: calculate, calculation: "2026 - ${born}"}
        - {name: adults, type: note, label: The rest is for adults., relevant: "${age} >= 18"}
        - {name: job, type: text, label: "What work do you do?"}
        """)
        interview, effects = talk(of, "1980")
        assert effects == (ShowNote("adults"), AskItem("job"))
        assert standing(interview) == {"born": "1980", "age": "46"}
        assert talk(of, "2015")[1] == (AskItem("job"),)

    def test_an_answer_that_its_constraint_refuses_after_a_change_is_asked_again(self) -> None:
        of = questionnaire("""
        - {name: people, type: integer, label: "How many live here?"}
        - {name: children, type: integer, label: "How many are children?", constraint: ". <= ${people}"}
        - {name: last, type: text, label: "Anything else?"}
        """)
        interview, effects = talk(of, "6", "4", "back", "back", "3")
        assert effects == (AskItem("children"),)
        assert standing(interview) == {"people": "3"}


class TestReplies:
    def test_a_reply_is_tried_three_times_and_then_kept_as_written(self) -> None:
        of = questionnaire(COOKING)
        interview, effects = talk(of, "my stove")
        assert effects[-1] == AskItem("cooks_with", again=1)
        interview, effects = step(of, interview, Said(NOON, "the old stove"))
        assert effects[-1] == AskItem("cooks_with", again=2)
        interview, effects = step(of, interview, Said(NOON, "what grandmother had"))
        assert told(effects) == [KEPT_AS_WRITTEN, AskItem("price")]
        kept = interview.answers["cooks_with"]
        assert (kept.value, kept.raw, kept.status, kept.tries) == (
            "",
            "what grandmother had",
            AnswerStatus.NOT_UNDERSTOOD,
            2,
        )

    def test_or_skipped_where_the_item_says_so(self) -> None:
        of = questionnaire("""
        - {name: age, type: integer, label: "Your age?", tries: 1, on_unclear: skip}
        - {name: wish, type: text, label: "Your wish?"}
        """)
        interview, effects = talk(of, "old")
        assert told(effects) == [WE_GO_ON, AskItem("wish")]
        assert interview.answers["age"].status is AnswerStatus.GIVEN_UP

    def test_a_constraint_refuses(self) -> None:
        _, effects = talk(questionnaire(COOKING), "1", "200")
        assert told(effects) == [CONSTRAINT_FAILED, AskItem("hours", again=1)]

    def test_in_its_own_words_where_it_has_some(self) -> None:
        of = questionnaire("""
        - {name: age, type: integer, label: Your age, constraint: . < 120, constraint_message: Under 120 please.}
        """)
        _, effects = talk(of, "200")
        assert isinstance(effects[0], Show)
        assert effects[0].text.source == "Under 120 please."

    def test_an_ambiguous_reply_is_asked_again_with_both_readings(self) -> None:
        interview, effects = talk(questionnaire(COOKING), "wood or gas")
        assert told(effects)[0] is TWO_READINGS
        assert interview.answers == {}

    def test_other_takes_the_own_words_from_the_same_message(self) -> None:
        of = questionnaire("""
        - name: cooks_with
          type: select_one
          label: What do you cook with?
          or_other: true
          choices: [{name: wood, label: Firewood}, {name: gas, label: Gas}]
        - {name: wish, type: text, label: "Your wish?"}
        """)
        interview, effects = talk(of, "3 biogas")
        assert standing(interview) == {"cooks_with": "other", "cooks_with_other": "biogas"}
        assert effects == (AskItem("wish"),)
        assert talk(of, "3")[1] == (AskItem("cooks_with_other"),)

    def test_a_place_or_picture_answers_only_what_asks_for_it(self) -> None:
        of = questionnaire("""
        - {name: where, type: geopoint, label: "Where?"}
        - {name: wish, type: text, label: "Your wish?"}
        """)
        interview, effects = step(of, start(of), Shared(NOON, "geopoint", "6.52 3.38 0 0"))
        assert standing(interview) == {"where": "6.52 3.38 0 0"}
        interview, effects = step(of, interview, Shared(NOON, "image", "photo-1"))
        assert told(effects) == [UNCLEAR_MEDIA, AskItem("wish", again=1)]
        assert standing(interview) == {"where": "6.52 3.38 0 0"}


class TestEarlyEnds:
    OF = """
    - {name: age, type: integer, label: "Your age?", eligible: . >= 15, screen_out: . > 60}
    - {name: wish, type: text, label: "Your wish?"}
    """

    @pytest.mark.parametrize(
        ("age", "ending"), [("12", Ending.NOT_ELIGIBLE), ("70", Ending.SCREENED_OUT), ("30", None)]
    )
    def test_by_who_the_person_is(self, age: str, ending: Ending | None) -> None:
        interview, _ = talk(questionnaire(self.OF), age)
        assert interview.ending is ending
        assert standing(interview) == {"age": age}

    def test_no_one_is_sent_away_for_not_being_understood(self) -> None:
        interview, effects = talk(questionnaire(self.OF), "old", "very old", "very very old")
        assert interview.ending is None
        assert told(effects)[-1] == AskItem("wish")

    def test_and_a_mistake_can_be_mended(self) -> None:
        interview, effects = talk(questionnaire(self.OF), "12", "restart", "1", "21")
        assert interview.ending is None
        assert effects == (AskItem("wish"),)


class TestRepeats:
    OPEN = """
    - name: child
      type: repeat
      label: Child
      repeat_max: 3
      items:
        - {name: age, type: integer, label: "How old?"}
        - {name: school, type: text, label: "Which school?", relevant: "${age} > 5"}
    - {name: oldest, type: calculate, calculation: "max(${age})"}
    - {name: wish, type: text, label: "Your wish?"}
    """

    def test_rounds_go_on_while_there_is_one_more(self) -> None:
        of = questionnaire(self.OPEN)
        interview, effects = talk(of, "4")
        assert effects == (AskItem("child[1]"),)
        interview, effects = talk(of, "4", "yes")
        assert effects == (AskItem("age[2]"),)
        interview, effects = talk(of, "4", "1", "9", "Hill", "2")
        assert effects == (AskItem("wish"),)
        assert standing(interview) == {
            "age[1]": "4",
            "child[1]": "yes",
            "age[2]": "9",
            "school[2]": "Hill",
            "child[2]": "no",
            "oldest": "9",
        }

    def test_the_cap_ends_it_without_a_question(self) -> None:
        interview, effects = talk(questionnaire(self.OPEN), "4", "1", "3", "1", "2")
        assert effects == (AskItem("wish"),)
        assert "child[3]" not in interview.answers

    def test_a_count_decides_the_rounds(self) -> None:
        of = questionnaire("""
        - {name: children, type: integer, label: "How many children?"}
        - name: child
          type: repeat
          label: Child
          repeat_count: ${children}
          items: [{name: age, type: integer, label: "How old?"}]
        - {name: wish, type: text, label: "Your wish?"}
        """)
        assert talk(of, "0")[1] == (AskItem("wish"),)
        assert talk(of, "2", "4")[1] == (AskItem("age[2]"),)
        interview, effects = talk(of, "2", "4", "5", "back", "back", "back", "1")
        assert effects == (AskItem("wish"),)
        assert standing(interview) == {"children": "1", "age[1]": "4"}
        assert interview.answers["age[2]"].value == "5"


class TestCommands:
    def test_back_offers_the_earlier_answer_and_skip_keeps_it(self) -> None:
        of = questionnaire(COOKING)
        interview, effects = talk(of, "1", "back")
        assert effects == (AskItem("cooks_with", earlier=True),)
        interview, effects = step(of, interview, Said(NOON, "skip"))
        assert effects == (AskItem("hours"),)
        assert standing(interview) == {"cooks_with": "wood"}

    def test_back_at_the_first_question(self) -> None:
        assert told(talk(questionnaire(COOKING), "back")[1]) == [CANNOT_GO_BACK, AskItem("cooks_with")]

    def test_skip_where_an_answer_is_not_required(self) -> None:
        interview, effects = talk(questionnaire(COOKING), "1", "skip")
        assert effects == (AskItem("wish"),)
        assert interview.answers["hours"].status is AnswerStatus.SKIPPED

    def test_skip_where_it_is(self) -> None:
        assert told(talk(questionnaire(COOKING), "skip")[1]) == [CANNOT_SKIP, AskItem("cooks_with")]

    def test_skip_takes_the_default(self) -> None:
        of = questionnaire("""
        - {name: people, type: integer, label: "How many?", default: 1}
        - {name: wish, type: text, label: "Your wish?"}
        """)
        interview, _ = talk(of, "skip")
        assert (interview.answers["people"].value, interview.answers["people"].status) == (
            "1",
            AnswerStatus.DEFAULT,
        )

    def test_help_gives_the_hint_and_asks_again(self) -> None:
        of = questionnaire("- {name: wish, type: text, label: Your wish, hint: Anything at all.}")
        _, effects = talk(of, "help")
        assert isinstance(effects[0], Show)
        assert effects[0].text.source == "Anything at all."
        assert effects[-1] == AskItem("wish")

    def test_pause_and_any_later_message_goes_on(self) -> None:
        of = questionnaire(COOKING)
        interview, effects = talk(of, "pause")
        assert told(effects) == [PAUSED]
        assert interview.paused
        month_later = NOON + timedelta(days=31)
        interview, effects = step(of, interview, Said(month_later, "2"))
        assert effects == (AskItem("price"),)
        assert not interview.paused

    def test_the_keyword_takes_up_where_it_was_left(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "1")
        _, effects = step(of, interview, Joined(NOON))
        assert told(effects) == [WELCOME_BACK, AskItem("hours")]

    def test_restart_asks_before_it_removes_anything(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "1", "6", "restart")
        assert interview.menu is Menu.RESTART
        kept, effects = step(of, interview, Said(NOON, "2"))
        assert effects == (AskItem("wish"),)
        assert standing(kept) == {"cooks_with": "wood", "hours": "6"}
        emptied, effects = step(of, interview, Said(NOON, "1"))
        assert effects == (AskItem("cooks_with"),)
        assert emptied.answers == {}
        assert emptied.consented_at == NOON

    @pytest.mark.parametrize("before", [(), ("1",), ("1", "restart"), ("language",)])
    def test_stop_at_any_moment(self, before: tuple[str, ...]) -> None:
        interview, effects = talk(questionnaire(COOKING), *before, "STOP")
        assert told(effects) == [OptOut(), STOPPED]
        assert interview.ending is Ending.STOPPED

    def test_who_comes_back_goes_on(self) -> None:
        of = questionnaire(COOKING)
        stopped, _ = talk(of, "1", "stop")
        interview, effects = step(of, stopped, Joined(NOON))
        assert told(effects) == [WELCOME_BACK, AskItem("hours")]
        assert interview.ending is None

    def test_after_the_end(self) -> None:
        interview, effects = talk(questionnaire(COOKING), "1", "6", "less smoke", "hello?")
        assert told(effects) == [ALREADY_DONE]
        assert interview.ending is Ending.COMPLETE


class TestLanguage:
    SPANISH = Phrasebook("es", {}, {"words.stop": ("baja",), "words.language": ("idioma",)}, "Español")

    @pytest.fixture
    def of(self) -> Questionnaire:
        defined = questionnaire(
            COOKING,
            "languages: [en, es]\nkeywords: {en: [TRIAL], es: [PRUEBA]}",
            {"en": ENGLISH, "es": self.SPANISH},
        )
        return replace(defined, languages=("en", "es"))

    def test_is_asked_where_nothing_tells_it(self, of: Questionnaire) -> None:
        interview, effects = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        assert effects == (AskLanguage(),)
        interview, effects = step(of, interview, Said(NOON, "2"))
        assert interview.language == "es"
        assert effects == (AskConsent(),)

    def test_is_not_asked_where_the_keyword_tells_it(self, of: Questionnaire) -> None:
        interview, effects = step(of, begin(of, seed=7, at=NOON), Joined(NOON, "es"))
        assert interview.language == "es"
        assert effects == (AskConsent(),)

    @pytest.mark.parametrize("name", ["Español", "espanol", "2", "ESPAÑOL!"])
    def test_changes_at_any_time_and_touches_no_answer(self, of: Questionnaire, name: str) -> None:
        interview, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON, "en"))
        for message in ("1", "1", "language", name):
            interview, effects = step(of, interview, Said(NOON, message))
        assert interview.language == "es"
        assert effects == (AskItem("hours"),)
        assert standing(interview) == {"cooks_with": "wood"}

    def test_stop_counts_in_every_language(self, of: Questionnaire) -> None:
        interview, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON, "en"))
        interview, effects = step(of, interview, Said(NOON, "BAJA"))
        assert interview.ending is Ending.STOPPED
        assert OptOut() in effects


class TestButtons:
    def test_answer_the_question_they_belong_to(self) -> None:
        of = questionnaire(COOKING)
        interview, effects = step(of, start(of), Pressed(NOON, "cooks_with=gas"))
        assert standing(interview) == {"cooks_with": "gas"}
        assert effects == (AskItem("price"),)

    @pytest.mark.parametrize(
        "data", ["cooks_with=gas", "hours=gas", "wish=", "", "=", ":consent=no", "cooks_with"]
    )
    def test_of_an_earlier_question_or_forged_change_nothing(self, data: str) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "1")
        after, effects = step(of, interview, Pressed(NOON, data))
        assert told(effects) == [UNCLEAR_BUTTON, AskItem("hours")]
        assert after == interview

    def test_give_and_refuse_consent(self) -> None:
        of = questionnaire(COOKING)
        asked, _ = step(of, begin(of, seed=7, at=NOON), Joined(NOON))
        assert step(of, asked, Pressed(NOON, ":consent=yes"))[0].consented_at == NOON
        assert step(of, asked, Pressed(NOON, ":consent=no"))[0].ending is Ending.REFUSED

    @pytest.mark.parametrize(
        ("data", "value"),
        [
            ("needs=water", "water"),
            ("needs=light water", "water light"),
            ("needs=water water", "water"),
            ("needs=water gold", None),
            ("needs=other_need", None),
        ],
    )
    def test_several_are_sent_together(self, data: str, value: str | None) -> None:
        of = questionnaire(NEEDS)
        interview, effects = step(of, start(of), Pressed(NOON, data))
        if value is None:
            assert told(effects) == [UNCLEAR_BUTTON, AskItem("needs")]
            assert standing(interview) == {}
        else:
            assert standing(interview) == {"needs": value}

    def test_nothing_marked_is_asked_again(self) -> None:
        of = questionnaire(NEEDS)
        interview, effects = step(of, start(of), Pressed(NOON, "needs="))
        assert told(effects) == [CHOOSE_FROM_LIST, AskItem("needs")]
        assert standing(interview) == {}


NEEDS = """
- {name: needs, type: select_multiple, label: "What is needed?", choices: [
    {name: water, label: Water}, {name: light, label: Light}, {name: road, label: A road}]}
- {name: wish, type: text, label: "What would you change?"}
"""


class TestEditing:
    def test_corrects_the_last_answer(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "gas", "5")
        interview, effects = step(of, interview, Corrected(NOON, "7,50"))
        assert standing(interview) == {"cooks_with": "gas", "price": "7.5"}
        assert effects == (AskItem("wish"),)

    def test_walks_the_way_anew(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "gas")
        interview, effects = step(of, interview, Corrected(NOON, "wood"))
        assert standing(interview) == {"cooks_with": "wood"}
        assert effects == (AskItem("hours"),)

    def test_even_of_the_last_question(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "gas", "5", "More ligt")
        assert interview.ending is Ending.COMPLETE
        interview, effects = step(of, interview, Corrected(NOON, "More light"))
        assert standing(interview)["wish"] == "More light"
        assert interview.ending is Ending.COMPLETE
        assert told(effects) == [THANKS]

    @pytest.mark.parametrize(
        ("messages", "edit"),
        [
            pytest.param(("wood", "20"), "banana", id="no answer"),
            pytest.param(("wood", "20"), "500", id="refused by the constraint"),
            pytest.param((), "gas", id="nothing to correct"),
            pytest.param(("wood", "LANGUAGE"), "gas", id="a menu is open"),
            pytest.param(("wood", "STOP"), "gas", id="ended"),
        ],
    )
    def test_leaves_what_it_cannot_correct(self, messages: tuple[str, ...], edit: str) -> None:
        of = questionnaire(COOKING)
        before, _ = talk(of, *messages)
        after, effects = step(of, before, Corrected(NOON, edit))
        assert after == before
        assert told(effects)[0] is EDIT_NOT_TAKEN


class TestLeaving:
    def test_ends_without_a_word(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "wood")
        left, effects = step(of, interview, Left(NOON))
        assert (left.stage, left.ending) == (Stage.ENDED, Ending.STOPPED)
        assert effects == (OptOut(),)
        assert standing(left) == {"cooks_with": "wood"}

    def test_does_not_undo_a_completion(self) -> None:
        of = questionnaire(COOKING)
        interview, _ = talk(of, "gas", "5", "More light")
        assert step(of, interview, Left(NOON))[0].ending is Ending.COMPLETE


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("I don't know", AnswerStatus.DONT_KNOW),
        ("no idea", AnswerStatus.DONT_KNOW),
        ("Not sure.", AnswerStatus.DONT_KNOW),
        ("prefer not to say", AnswerStatus.REFUSED),
    ],
)
def test_nobody_is_pressed_where_the_question_may_be_left(said: str, status: AnswerStatus) -> None:
    interview, _ = talk(questionnaire(COOKING), "wood", said)
    answer = interview.answers["hours"]
    assert (answer.value, answer.status, answer.raw) == ("", status, said)
    assert interview.at == "wish"


def test_who_does_not_know_is_asked_again_where_an_answer_is_needed() -> None:
    interview, _ = talk(questionnaire(COOKING), "gas", "I don't know")
    assert (interview.at, interview.tries) == ("price", 1)
