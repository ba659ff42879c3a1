"""The print house: every piece of a pack that is paper and no slide, by its file."""

from __future__ import annotations

from collections.abc import Mapping

from ..job import Job, Maker
from . import cards, certificate, charts, documents, forms, handouts, materials, pathway, runsheet, workbook

PIECES: Mapping[str, Maker] = {
    "run-sheet.pdf": runsheet.run_sheet,
    "script.pdf": runsheet.script,
    "scenario-cards.pdf": cards.cards,
    "scenario-cards-facilitator.pdf": cards.facilitator_cards,
    "workbook.pdf": workbook.workbook,
    "answers.pdf": workbook.answers,
    "handouts.pdf": handouts.handouts,
    "pathway-card.pdf": pathway.pathway_card,
    "forms.pdf": forms.forms,
    "accurate-sentences.pdf": forms.accurate_sentences,
    "certificate.pdf": certificate.certificate,
    "room-safety.pdf": handouts.room_safety,
    "disclosure-flowcharts.pdf": charts.charts,
    "materials.pdf": materials.materials,
}


def pieces(job: Job) -> dict[str, Maker]:
    """Every printed piece of a pack: those above, and each document of the facilitators."""
    return {**PIECES, **documents.files(job)}
