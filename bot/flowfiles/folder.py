"""A folder of consultation files with its catalogues: every consultation ready to be held, or every problem."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from bot.core.definition import Examined, believed, define, examine
from bot.core.limits import LIMITS
from bot.core.phrases import Phrasebook
from bot.core.problems import Path as Place
from bot.core.problems import Problem, Severity
from bot.core.questionnaire import Questionnaire
from bot.core.review import review, review_all, review_all_sources
from bot.core.review.languages import catalogue_of, translation_faults
from bot.core.translated import is_translated_enough, offered_in, own_texts, untranslated
from bot.errors import FlowsError
from bot.flowfiles.outreach import (
    OUTREACH_SUFFIX,
    disclosing,
    outreach_file,
    placed,
    read_outreach,
    untranslated_outreach,
    unwritten,
)
from bot.flowfiles.reading import Places, Source, read
from bot.flowfiles.safeguards import safeguard_of
from bot.flowfiles.versions import document_of, parts_of, version_of
from bot.language.catalogues import (
    OWN,
    Translations,
    load_phrasebook,
    load_translations,
    translate,
    translate_outreach,
)
from bot.language.pofiles import catalogue_path, read_catalogue
from bot.language.proofreading import proofread

SUFFIXES = (".yaml", ".yml")
CODES_SUFFIX = ".codes.yaml"
"""Ends the name of an organiser's code frame, which stands beside the consultation's file and is none itself."""
BESIDE = (CODES_SUFFIX, OUTREACH_SUFFIX)


@dataclass(frozen=True, slots=True)
class Flow:
    """One consultation ready to be held: where it stands, and the document that its version is named after."""

    file: Path
    questionnaire: Questionnaire
    document: str
    places: Places


@dataclass(frozen=True, slots=True)
class Flows:
    """What a folder holds: the consultations that can be read, and every problem of all files."""

    flows: Mapping[str, Flow]
    problems: tuple[Problem, ...]

    @property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        return tuple(flow.questionnaire for flow in self.flows.values())

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def load_flows(flows: Path, locales: Path) -> Flows:
    """Return the consultations of a folder; FlowsError with every error where one has any."""
    loaded = check_files(flow_files(flows), locales)
    if loaded.errors:
        raise FlowsError(loaded.errors)
    return loaded


def flow_files(place: Path) -> tuple[Path, ...]:
    """Return the consultation files in a folder, by name, or the one file that a path is."""
    if not place.is_dir():
        return (place,)
    return tuple(
        sorted(file for file in place.iterdir() if file.suffix in SUFFIXES and not file.name.endswith(BESIDE))
    )


def check_files(files: Sequence[Path], locales: Path) -> Flows:
    """Return what the files hold, with every problem of each and between them."""
    flows: dict[str, Flow] = {}
    problems: list[Problem] = []
    for file in files:
        flow, found = _check_file(file, locales)
        problems += found
        if flow is None:
            continue
        if flow.questionnaire.id in flows:
            other = flows[flow.questionnaire.id].file
            problems.append(_same_id(flow, other))
        else:
            flows[flow.questionnaire.id] = flow
    problems += _between(flows)
    # A fault of the bot's own catalogue is found by each consultation that offers the language.
    return Flows(flows, tuple(dict.fromkeys(problems)))


def _between(flows: Mapping[str, Flow]) -> Iterator[Problem]:
    """Yield what is wrong between the consultations of a folder, each in the file that it is told of."""
    held = [flow.questionnaire for flow in flows.values()]
    # A path begins with the consultation that the problem is found in.
    for problem in review_all(held):
        flow = flows[str(problem.path[0])]
        yield _located(replace(problem, path=problem.path[1:]), flow.file, flow.places)
    for problem in review_all_sources(held):
        file = flows[str(problem.path[0])].file
        yield from placed(outreach_file(file.parent, file.stem), [replace(problem, path=problem.path[1:])])


def rebuild(
    document: str, locales: Path, known: Mapping[str, Phrasebook] = MappingProxyType({})
) -> Questionnaire:
    """Return the questionnaire of a stored version; FlowsError where this release cannot hold it any more.

    The bot's words in languages that are not `known` are read anew.
    """
    definition, translations = parts_of(document)
    defined = define(definition)
    if isinstance(defined, tuple):
        raise FlowsError(defined)
    if defined.translated_share is not None:
        # A language that was left out then has no wordings in the document.
        defined = offered_in(defined, {defined.languages[0], *translations})
    books = {
        language: known[language] if language in known else load_phrasebook(locales, language)
        for language in defined.languages
    }
    translated = translate(replace(defined, phrasebooks=books), translations)
    return replace(translated, version=version_of(document))


def _check_file(file: Path, locales: Path) -> tuple[Flow | None, list[Problem]]:
    try:
        # One byte more than is allowed is enough to know that a file is too large.
        with file.open("rb") as opened:
            source = read(opened.read(LIMITS.file_bytes + 1))
    except OSError as error:
        problem = Problem(
            "unreadable-file", (), f"The file cannot be read: {error.strerror}.", "Check its name and rights."
        )
        return None, [replace(problem, file=str(file))]
    if not isinstance(source, Source):
        return None, [replace(problem, file=str(file)) for problem in source]
    examined = examine(source.mapping)
    defined = examined.questionnaire
    if examined.problems or defined is None or defined.id in OWN:
        found = [*examined.problems, *_taken(defined), *_further(examined, locales)]
        return None, [_located(problem, file, source.places) for problem in found]
    books, translations, problems = _catalogues(defined, locales)
    questionnaire = translate(replace(defined, phrasebooks=books), translations)
    if questionnaire.translated_share is not None:
        questionnaire, left_out = _offered(questionnaire, problems)
        problems = [one for one in problems if not _is_lack(one, defined)]
        problems += [_located(problem, file, source.places) for problem in left_out]
        translations = {one: translations.get(one, {}) for one in questionnaire.languages[1:]}
        # Anew, without the wordings in languages that are left out: they are no part of the version.
        own = offered_in(replace(defined, phrasebooks=books), questionnaire.languages)
        questionnaire = translate(own, translations)
    document = document_of(source.mapping, translations, questionnaire.texts())
    questionnaire = replace(questionnaire, version=version_of(document))
    problems += [
        _located(problem, file, source.places)
        for problem in (*_file_name_faults(defined, file), *_reviewed(questionnaire, translations))
    ]
    questionnaire, beside = _with_outreach(file, questionnaire, translations)
    return Flow(file, questionnaire, document, source.places), [*problems, *beside]


def _with_outreach(
    file: Path, questionnaire: Questionnaire, translations: Mapping[str, Translations]
) -> tuple[Questionnaire, tuple[Problem, ...]]:
    """Return a consultation with how people are reached, who stands by, and what is wrong with that file.

    Told here and not where people are invited alone: a server that left out a broken file would leave out the help.
    """
    beside = outreach_file(file.parent, file.stem)
    found = read_outreach(beside, questionnaire) if beside.exists() else None
    if found is None or isinstance(found, tuple):
        return questionnaire, found or ()
    safeguard, faults = safeguard_of(found, questionnaire, translations)
    outreach = translate_outreach(found, translations)
    problems = (
        *(replace(one, file=str(beside)) for one in faults),
        *untranslated_outreach(outreach, questionnaire, beside),
        *unwritten(outreach, questionnaire, beside),
        *disclosing(outreach, beside),
    )
    return replace(questionnaire, outreach=outreach, safeguard=safeguard), problems


def _further(examined: Examined, locales: Path) -> list[Problem]:
    """Return what can be said of a consultation beyond the problems that keep it from being one.

    It is looked at in its own language alone: what its translations lack is settled when its texts are.
    """
    if examined.questionnaire is None:
        return []
    own = replace(examined.questionnaire, languages=examined.questionnaire.languages[:1])
    books, _, _ = _catalogues(own, locales)
    return believed(_reviewed(replace(own, phrasebooks=books), {}), examined.problems)


def _reviewed(questionnaire: Questionnaire, translations: Mapping[str, Translations]) -> tuple[Problem, ...]:
    """Return what is wrong as far as the catalogues go: of a language without one, that alone has been told."""
    first, *others = questionnaire.languages
    if first not in questionnaire.phrasebooks:
        return ()
    known = [one for one in others if one in translations]
    whole = [one for one in known if one in questionnaire.phrasebooks]
    without_bot = [one for one in known if one not in questionnaire.phrasebooks]
    return (
        *review(replace(questionnaire, languages=(first, *whole))),
        # What the bot itself says there is not known, but the translations can be compared with their source.
        *translation_faults(replace(questionnaire, languages=(first, *without_bot))),
    )


def _catalogues(
    defined: Questionnaire, locales: Path
) -> tuple[dict[str, Phrasebook], dict[str, Translations], list[Problem]]:
    """Return the bot's words and the consultation's translations in its languages, with what is wrong in them."""
    books: dict[str, Phrasebook] = {}
    translations: dict[str, Translations] = {}
    problems: list[Problem] = []
    for language in defined.languages:
        try:
            books[language] = load_phrasebook(locales, language)
        except FlowsError as error:
            problems += [replace(problem, language=language) for problem in error.problems]
        if language == defined.languages[0]:
            continue
        try:
            translations[language] = load_translations(locales, defined.id, language)
        except FlowsError as error:
            problems += [replace(problem, language=language) for problem in error.problems]
    for language in defined.languages:
        for path in dict.fromkeys(
            catalogue_path(locales, language, domain) for domain in ("bot", defined.id)
        ):
            if path.is_file():
                problems += _proofread(path, language)
    return books, translations, problems


def bots_problems(locales: Path, language: str) -> tuple[Problem, ...]:
    """Return what is wrong in the bot's own catalogue of a language, whether anything is offered in it or not."""
    told: tuple[Problem, ...] = ()
    try:
        load_phrasebook(locales, language)
    except FlowsError as error:
        told = tuple(replace(problem, language=language) for problem in error.problems)
    return (*told, *_proofread(catalogue_path(locales, language, "bot"), language))


def _proofread(path: Path, language: str) -> tuple[Problem, ...]:
    try:
        return proofread(path, read_catalogue(path), language)
    except FlowsError:
        return ()  # told where it is read to be used


LEFT_OUT = "language-left-out"
"""The code of a problem by which a language is not offered, while the rest of its consultation is held."""
LACKS = frozenset({"catalogue-missing", "catalogue-missing-phrase"})
"""What is wrong with a catalogue that translators have not come to the end of."""


def _is_lack(problem: Problem, questionnaire: Questionnaire) -> bool:
    """Return whether a problem is only that a language other than the first is not there yet."""
    return problem.code in LACKS and problem.language != questionnaire.languages[0]


def _offered(
    questionnaire: Questionnaire, problems: Sequence[Problem]
) -> tuple[Questionnaire, tuple[Problem, ...]]:
    """Return a consultation in the languages that are far enough, and a problem for each that is left out."""
    left_out = tuple(_left_out(questionnaire, [one for one in problems if _is_lack(one, questionnaire)]))
    gone = {problem.language for problem in left_out}
    offered = offered_in(questionnaire, set(questionnaire.languages) - gone)
    if any(offered.keywords.values()):
        return offered, left_out
    nobody = Problem(
        "no-keyword",
        ("keywords",),
        "Every word to join with is in a language that is not offered.",
        f"Write one in '{questionnaire.languages[0]}'.",
    )
    return offered, (*left_out, nobody)


def _left_out(questionnaire: Questionnaire, lacking: Sequence[Problem]) -> Iterator[Problem]:
    """Yield why a language is not offered: the bot does not speak it yet, or too few texts are translated."""
    count = len(own_texts(questionnaire))
    for language in questionnaire.languages[1:]:
        bots = [
            one for one in lacking if one.language == language and language not in questionnaire.phrasebooks
        ]
        done = count - len(untranslated(questionnaire, language))
        if bots:
            why, where = "the bot's own words are not all in it yet", bots[0].file
        elif not is_translated_enough(questionnaire, language):
            why = f"{done} of its {count} texts are translated, and translated_share asks for more"
            where = catalogue_of(questionnaire.id, language)
        else:
            continue
        yield Problem(
            LEFT_OUT,
            ("languages", questionnaire.languages.index(language)),
            f"'{language}' is not offered: {why}.",
            f"Translate the rest in {where}. Until then the consultation is held without this language.",
            Severity.WARNING,
            language=language,
        )


def _taken(questionnaire: Questionnaire | None) -> Iterable[Problem]:
    """Yield that what Heard itself says would be taken for the translations of a consultation."""
    if questionnaire is not None and questionnaire.id in OWN:
        yield Problem(
            "id-taken",
            ("consultation",),
            f"'{questionnaire.id}' is the name of a catalogue of Heard's own.",
            f"Name the consultation more closely, like {questionnaire.id}-2026.",
        )


def _file_name_faults(questionnaire: Questionnaire, file: Path) -> Iterable[Problem]:
    if questionnaire.id != file.stem:
        yield Problem(
            "id-not-file-name",
            ("consultation",),
            f"The consultation is '{questionnaire.id}', and its file {file.name}.",
            f"Name the file {questionnaire.id}.yaml, since catalogues and results go by that name.",
        )


def _same_id(flow: Flow, other: Path) -> Problem:
    problem = Problem(
        "duplicate-id",
        ("consultation",),
        f"'{flow.questionnaire.id}' is the id of {other.name} too.",
        "Give each consultation an id of its own.",
    )
    return _located(problem, flow.file, flow.places)


def _located(problem: Problem, file: Path, places: Places) -> Problem:
    """Return the problem with its file, and the line of the nearest value around its place that has one."""
    place: Place = problem.path
    while place and place not in places:
        place = place[:-1]
    return replace(problem, file=problem.file or str(file), line=problem.line or places.get(place))
