"""Staff at the processors' own pages: they delete what no call deletes, and keep what shows it."""

import json

from accounts.models import User
from privacy.models import PrivacyRequest
from privacy.selectors.tasks import open_tasks
from privacy.services import review
from privacy.services.evidence import Upload, add_evidence
from privacy.services.processor_letters import write_to_processor
from tests.support.lives import pump_once
from tests.support.world import Planted, World


def delete_by_hand(world: World, person: Planted) -> None:
    """What is left of somebody at the support assistant and among unfinished uploads."""
    names = (str(person.user.id), person.account.email)
    for tables in world.chatbase.tables.values():
        for kind in ("conversation", "lead"):
            texts = [(each, json.dumps(each)) for each in tables[kind]]
            tables[kind][:] = [
                each for each, text in texts if not any(name in text for name in names)
            ]
    with world.connect() as connection:
        connection.execute("SET LOCAL storage.allow_delete_query = 'true'")
        connection.execute(
            "DELETE FROM storage.s3_multipart_uploads WHERE owner_id = %s", [names[0]]
        )


def close_tasks(
    request: PrivacyRequest, *, actor: User, shown: str = "Gone.", written: bool = True
) -> list[str]:
    """Write to each processor (for an erasure), keep a file with these words, close the task.
    What they were.
    """
    closed = []
    for task in open_tasks().filter(step__request=request):
        if written:
            write_to_processor(task, actor=actor)
            pump_once()  # the letter goes
        add_evidence(task, Upload(f"{shown[:100]}.txt", shown.encode()), actor=actor)
        review.close_by_hand(task.step, actor=actor, reason=shown[:200])
        closed.append(f"{task.processor} {task.step.object}")
    return sorted(closed)
