"""What the campaign is about: the shipped consultation in five languages, with an outreach file of its own."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.outreach.records import Outreach
from bot.core.questionnaire import Questionnaire
from bot.flowfiles.folder import load_flows
from bot.store.versions import Publication

ROOT = Path(__file__).parents[2]
ID = "service-feedback"
LANGUAGES = ("en", "es", "fr", "sw", "ar")

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "outreach.sending.signed": {
        "en": "Health office",
        "es": "Oficina de salud",
        "fr": "Bureau de la santé",
        "sw": "Ofisi ya afya",
        "ar": "مكتب الصحة",
    },
    "outreach.invitation.plain.text": {
        "en": "Six short questions about your health post. Send YES to begin.",
        "es": "Seis preguntas cortas sobre su puesto de salud. Mande SI para empezar.",
        "fr": "Six questions courtes sur votre poste de santé. Envoyez OUI pour commencer.",
        "sw": "Maswali sita mafupi kuhusu kituo chako cha afya. Tuma NDIYO kuanza.",
        "ar": "ستة أسئلة قصيرة عن مركزك الصحي. أرسل نعم للبدء.",
    },
    "outreach.invitation.short.text": {
        "en": "How was the health post? Send YES to tell us.",
        "es": "¿Cómo le fue en el puesto de salud? Mande SI para contarnos.",
        "fr": "Comment était le poste de santé ? Envoyez OUI pour le dire.",
        "sw": "Kituo cha afya kilikuwaje? Tuma NDIYO kutuambia.",
        "ar": "كيف كان المركز الصحي؟ أرسل نعم لتخبرنا.",
    },
    "outreach.reminders.invited": {
        "en": "There is still time to tell us about your health post. Send YES to begin.",
        "es": "Todavía puede contarnos de su puesto de salud. Mande SI para empezar.",
        "fr": "Il est encore temps de parler de votre poste de santé. Envoyez OUI.",
        "sw": "Bado kuna muda kutuambia kuhusu kituo cha afya. Tuma NDIYO kuanza.",
        "ar": "ما زال بإمكانك أن تخبرنا عن مركزك الصحي. أرسل نعم للبدء.",
    },
    "outreach.reminders.paused": {
        "en": "Shall we go on?",
        "es": "¿Seguimos?",
        "fr": "On continue ?",
        "sw": "Tuendelee?",
        "ar": "هل نكمل؟",
    },
    "outreach.reminders.last": {
        "en": "We write no more. If you want to tell us later, just write.",
        "es": "No le escribiremos más. Si quiere contarnos, escriba cuando quiera.",
        "fr": "Nous n'écrivons plus. Si vous voulez, écrivez-nous plus tard.",
        "sw": "Hatutaandika tena. Ukitaka, tuandikie wakati wowote.",
        "ar": "لن نكتب مرة أخرى. إذا أردت يمكنك مراسلتنا لاحقا.",
    },
}


@dataclass(frozen=True, slots=True)
class Consultation:
    """The consultation as it is served, and the folders that its files are in."""

    questionnaire: Questionnaire
    outreach: Outreach
    publication: Publication
    flows: Path
    locales: Path


def consultation(folder: Path, reaching: str) -> Consultation:
    """Write the files into a folder, and read them as a server does.

    `reaching` are further lines of the outreach file, as those of quotas.
    """
    flows, locales = folder / "flows", folder / "locales"
    flows.mkdir(parents=True)
    shutil.copy(ROOT / "flows" / f"{ID}.yaml", flows)
    (flows / f"{ID}.outreach.yaml").write_text(_outreach() + reaching, encoding="utf-8")
    for language in LANGUAGES[1:]:
        there = locales / language / "LC_MESSAGES"
        there.mkdir(parents=True)
        for name in ("bot", ID):
            shutil.copy(ROOT / "locales" / language / "LC_MESSAGES" / f"{name}.po", there)
        with (there / f"{ID}.po").open("a", encoding="utf-8") as catalogue:
            for context, said in _TEXTS.items():
                catalogue.write(f'\nmsgctxt "{context}"\nmsgid "{said["en"]}"\nmsgstr "{said[language]}"\n')
    flow = load_flows(flows, locales).flows[ID]
    outreach = flow.questionnaire.outreach
    assert outreach is not None
    publication = Publication(flow.questionnaire.version, ID, flow.document)
    return Consultation(flow.questionnaire, outreach, publication, flows, locales)


def _outreach() -> str:
    said = {
        context.removesuffix(".text").rpartition(".")[2]: words["en"] for context, words in _TEXTS.items()
    }
    return f"""
sending:
  signed: {said["signed"]}
  hours: 09:00-19:00
  days: [mon, tue, wed, fri, sat, sun]
  not_on: [2026-03-08]
invitation:
  wordings:
    - {{name: plain, text: "{said["plain"]}"}}
    - {{name: short, text: "{said["short"]}"}}
  expires_after_days: 3
reminders:
  most: 2
  after_days: 1
  invited: "{said["invited"]}"
  paused: "{said["paused"]}"
  last: "{said["last"]}"
"""
