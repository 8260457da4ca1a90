"""Where the stages of a campaign stand: what is there, what is missing, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..models import Artefact, ArtefactFile, Campaign, CampaignStage


@dataclass(frozen=True)
class ArtefactStanding:
    """A paper with the files that are there."""

    artefact: Artefact
    files: tuple[ArtefactFile, ...]


@dataclass(frozen=True)
class StageStanding:
    """A stage with its papers; it is late where one is missing after its day."""

    stage: CampaignStage
    artefacts: tuple[ArtefactStanding, ...]
    is_late: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The titles of the papers of which nothing is there."""
        return tuple(standing.artefact.title for standing in self.artefacts if not standing.files)


def stages_of(campaign: Campaign, *, today: date) -> list[StageStanding]:
    """The stages of a campaign in order; three queries."""
    stages = campaign.stages.prefetch_related("artefacts__files__added_by")
    return [_standing(stage, today) for stage in stages]


def _standing(stage: CampaignStage, today: date) -> StageStanding:
    artefacts = tuple(ArtefactStanding(paper, tuple(paper.files.all())) for paper in stage.artefacts.all())
    is_over = stage.due_on is not None and stage.due_on < today
    return StageStanding(stage, artefacts, is_over and not all(standing.files for standing in artefacts))


def missing_in_words(stages: Sequence[StageStanding]) -> str:
    """「缺3项，逾期的阶段1个」; empty where nothing is missing."""
    missing = sum(len(standing.missing) for standing in stages)
    late = sum(standing.is_late for standing in stages)
    if not missing:
        return ""
    return f"缺{missing}项" + (f"，逾期的阶段{late}个" if late else "")
