"""What background jobs are called, and what their arguments mean, for
the people who look after the service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shuqiao.i18n import Message, _
from shuqiao.jobs import JobState, JobView


@dataclass(frozen=True, slots=True)
class TaskWords:
    """A task's name, and what it does in a sentence."""

    name: Message
    what: Message


UPKEEP: Final = "server.process.upkeep"

TASKS: Final[Mapping[str, TaskWords]] = {
    "catalog.copies.remove_uploads": TaskWords(
        _("Remove the files of a draft"),
        _("Removes the files that were attached to a draft or working copy that was thrown away."),
    ),
    "catalog.resources.make_snapshot": TaskWords(
        _("Store an attached file"),
        _("Decodes a file whose types were confirmed and stores it as a data snapshot."),
    ),
    "catalog.editions.arrive": TaskWords(
        _("Check new rows of an entry"),
        _(
            "Compares stored rows with the current edition and the declared coverage; makes them "
            "the current edition or holds them."
        ),
    ),
    "catalog.editions.profile": TaskWords(
        _("Measure live rows"),
        _("Has the rows of a connected table counted against the declared coverage."),
    ),
    "catalog.editions.refresh": TaskWords(
        _("Renew data on schedule"),
        _("Orders the copies of connected tables that are due by their update cycle."),
    ),
    "catalog.editions.look_after_rows": TaskWords(
        _("Look after stored rows"),
        _(
            "Reads anew the rows of editions that are marked as damaged, makes the seals of those "
            "that have none, and notes how large stored data is where it was not noted."
        ),
    ),
    "catalog.conformity.check_edition": TaskWords(
        _("Check an edition against its standards"),
        _("Holds the rows of an edition to the data elements and value domains of its columns."),
    ),
    "catalog.registration.compare_received": TaskWords(
        _("Compare a draft with received data"),
        _(
            "Looks how many values of a draft stand in what was delivered to its department, and "
            "asks whoever reviews it whose they are."
        ),
    ),
    "catalog.conformity.check_draft": TaskWords(
        _("Check the data of a draft against its standards"),
        _("The same before the review, so that the reviewer sees what was found."),
    ),
    "catalog.conformity.catch_up": TaskWords(
        _("Order checks that are missing"),
        _("Orders the check of each current edition that has no report."),
    ),
    "catalog.assignments.miss": TaskWords(
        _("Name what was not claimed in time"),
        _("Notes that a department said nothing in time about what is assigned to it."),
    ),
    "catalog.assignments.advance": TaskWords(
        _("Follow the entries of what is claimed"),
        _("Moves on what is claimed when its entry is registered, published or has data."),
    ),
    "catalog.negative.look_again": TaskWords(
        _("Look at the negative list"),
        _("Notes which entries of the negative list are due for review, and which bases are over."),
    ),
    "catalog.conflicts.find_judges": TaskWords(
        _("Find who decides on sources"),
        _(
            "Finds anew which data administration decides on source claims and conflicts, after "
            "one joined, ended or moved to another level or area."
        ),
    ),
    "catalog.conflicts.close_hearings": TaskWords(
        _("Close hearings that are over"),
        _("Notes that the other side of a source conflict said nothing in time."),
    ),
    "catalog.demand.fall_due": TaskWords(
        _("Bring back demands that fall due"),
        _("Asks a department anew when the day is here by which it would collect the data."),
    ),
    "exchange.deliveries.meet_demand": TaskWords(
        _("Note a demand as met"),
        _("Notes that a finished delivery has met the demand that its request cites."),
    ),
    "catalog.duplicates.sweep": TaskWords(
        _("Look for disguised duplicates"),
        _("Compares the items of all published entries with all data elements."),
    ),
    "catalog.publication.element_changed": TaskWords(
        _("Tell of a changed data element"),
        _("Tells the registrars whose items follow a data element what became of it."),
    ),
    "exchange.deliveries.prove": TaskWords(
        _("Try out a new grant"),
        _(
            "Runs the plan of a grant from the first to the last row; the grant turns active when "
            "that works."
        ),
    ),
    "exchange.deliveries.close_lost": TaskWords(
        _("Close lost transfers"),
        _("Closes transfers whose serving process gives no sign of life any more."),
    ),
    "exchange.deliveries.clear_editions": TaskWords(
        _("Remove rows that are over"),
        _("Removes the rows of earlier editions by the rules of retention; their digests stay."),
    ),
    "exchange.grants.expire": TaskWords(
        _("End grants past their term"), _("Ends grants whose last day is over.")
    ),
    "exchange.grants.publication_changed": TaskWords(
        _("Suspend granted items"),
        _("Writes down which granted items a new version of the entry no longer allows."),
    ),
    "exchange.consultations.follow": TaskWords(
        _("Follow what a negative entry strikes"),
        _(
            "Opens the consultation and the filing that a struck grant asks for, and lets go those "
            "that are no longer needed."
        ),
    ),
    "exchange.grants.edition_arrived": TaskWords(
        _("Tell of new rows"),
        _("Tells whoever holds a grant that follows the updates that there is a new edition."),
    ),
    "exchange.grants.taken_down": TaskWords(
        _("Tell of an entry taken down"),
        _("Tells whoever holds a grant on the entry or asks for one."),
    ),
    "desk.outbox.hand_over": TaskWords(
        _("Hand over a message"),
        _("Hands a message that was written with its cause to its channel."),
    ),
    UPKEEP: TaskWords(
        _("Clean up"),
        _("Removes what is over: sessions, answers kept for repeats, uploaded files, old jobs."),
    ),
    "server.process.remind": TaskWords(
        _("Remind in time"),
        _(
            "Asks for the next year's working-day calendar in time, tells how often somebody was "
            "refused, and lets lapse what two offices did not decide."
        ),
    ),
    "server.process.escalate": TaskWords(
        _("Pass on what is overdue"),
        _("Gives the next seat a task beside the one that is overdue; the case itself stays."),
    ),
}
_ARGUMENTS: Final[Mapping[str, Message]] = {
    "attachment_id": _("Attached file"),
    "grant_no": _("Grant"),
    "outbox_id": _("Message"),
}
STATES: Final[Mapping[JobState, Message]] = {
    JobState.QUEUED: _("Waiting"),
    JobState.RUNNING: _("Under way"),
    JobState.SUCCEEDED: _("Done"),
    JobState.FAILED: _("Failed, parked"),
}
TONES: Final[Mapping[JobState, str]] = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "info",
    JobState.SUCCEEDED: "success",
    JobState.FAILED: "danger",
}


def name_of(task: str) -> Message | str:
    """The task in words; one that this program no longer knows by its code name."""
    return TASKS[task].name if task in TASKS else task


def what_of(task: str) -> Message | str:
    return TASKS[task].what if task in TASKS else ""


def arguments(job: JobView, hrefs: Mapping[str, str]) -> list[tuple[Message | str, object, str]]:
    """What ``job`` works on: name, value, and the page of it where ``hrefs`` has one."""
    return [
        (_ARGUMENTS.get(name, name), value, hrefs.get(name, "")) for name, value in job.args.items()
    ]
