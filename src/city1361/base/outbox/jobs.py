"""The outbox's own periodic work."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from city1361.base.database import api as database
from city1361.base.outbox.queueing import ATTEMPTS, PERIODIC_QUEUE, RESCUE_QUEUE, board, periodic
from city1361.base.outbox.working import STALLED_SECONDS

RESCUE = "outbox.rescue_stalled_jobs"

logger = logging.getLogger("city1361.jobs")


@board.periodic(cron="* * * * * */15")
@board.task(name=RESCUE, queue=RESCUE_QUEUE, queueing_lock=RESCUE, pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs whose worker died (kill -9, power loss) back to their queue.

    Procrastinate leaves them `doing` for ever, and every job behind the same lock with them.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await _rescue(manager, job)


async def _rescue(manager: JobManager, job: Job) -> None:
    if job.queue in (PERIODIC_QUEUE, RESCUE_QUEUE):
        await manager.finish_job(job, Status.ABORTED, delete_job=True)  # its next round comes anyway
        return
    if job.attempts >= ATTEMPTS:
        logger.error("job %s %s was lost with its worker too often and is given up", job.id, job.task_name)
        await manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    try:
        await manager.retry_job(job)
        logger.warning("job %s %s lost its worker and is tried again", job.id, job.task_name)
    except UniqueViolation:
        await manager.finish_job(job, Status.ABORTED, delete_job=True)  # the same work waits already


@periodic("17 3 * * *", name="outbox.make_partitions")
def make_partitions() -> None:
    """Make the coming monthly partitions of every big table."""
    database.ensure_partitions()
