"""The tags of the trail: ``source:subject:action``, the action in the past tense; documented in
``docs/events.md``.
"""

from shuqiao.i18n import _
from shuqiao.words import Word


class Event(Word):
    """One kind of fact. A tag is never renamed or re-used: the trail outlives the code."""

    DOMAIN_CREATED = "catalog:domain:created", _("Value domain made")
    DOMAIN_IMPORTED = "catalog:domain:imported", _("Edition of a value domain imported")
    DOMAIN_ENDED = "catalog:domain:ended", _("Edition of a value domain no longer in force")
    DUPLICATES_SWEPT = "catalog:duplicate:swept", _("Items compared with all data elements")
    DUPLICATE_DISMISSED = "catalog:duplicate:dismissed", _("Said not to be a duplicate")
    ELEMENT_ADOPTED = "catalog:element:adopted", _("Data element adopted")
    ELEMENT_DRAFTED = "catalog:element:drafted", _("Draft of a data element written")
    ELEMENT_RECORDED = "catalog:element:recorded", _("Data element recorded for its hearing")
    ELEMENT_CHANGED = "catalog:element:changed", _("Next version of a data element published")
    ELEMENT_SUPERSEDED = "catalog:element:superseded", _("Data element replaced by another")
    ELEMENT_RETIRED = "catalog:element:retired", _("Data element retired")
    PROPOSAL_FILED = "catalog:proposal:filed", _("Data element proposed")
    PROPOSAL_MENDED = "catalog:proposal:mended", _("Proposal for a data element corrected")
    PROPOSAL_RECORDED = "catalog:proposal:recorded", _("Hearing on a data element opened")
    PROPOSAL_ANSWERED = "catalog:proposal:answered", _("Opinion on a data element given")
    PROPOSAL_RETURNED = "catalog:proposal:returned", _("Proposal for a data element returned")
    PROPOSAL_WITHDRAWN = "catalog:proposal:withdrawn", _("Proposal for a data element withdrawn")
    PROPOSAL_PUBLISHED = "catalog:proposal:published", _("Proposal for a data element published")
    RESOURCE_REGISTERED = "catalog:resource:registered", _("Data resource registered")
    RESOURCE_EDITED = "catalog:resource:edited", _("Data resource edited")
    RESOURCE_CLASS_CHOSEN = (
        "catalog:resource:class_chosen",
        _("Class of the draft chosen again, with another code"),
    )
    SECRET_REFUSED = (
        "catalog:resource:secret_refused",
        _("Entry refused that was declared to contain a secret"),
    )
    RESOURCE_ATTACHED = "catalog:resource:attached", _("Data attached")
    ATTACHMENT_REFUSED = "catalog:attachment:refused", _("Attached file refused")
    ATTACHMENT_CLEARED = (
        "catalog:attachment:cleared",
        _("Uploaded file and shown cells removed when their time was over"),
    )
    ATTACHMENT_MOVED = (
        "catalog:attachment:moved",
        _("Attached data joined its entry with the working copy"),
    )
    ATTACHMENT_REMOVED = "catalog:attachment:removed", _("Attached data removed with its draft")
    SNAPSHOT_MADE = "catalog:snapshot:made", _("Data snapshot made")
    CONNECTION_ADDED = "catalog:connection:added", _("Database connection added")
    CONNECTION_TESTED = "catalog:connection:tested", _("Database connection tested")
    CONNECTION_REMOVED = "catalog:connection:removed", _("Database connection removed")
    RESOURCE_SUBMITTED = "catalog:resource:submitted", _("Data resource submitted for review")
    RESOURCE_CONSENTED = (
        "catalog:resource:consented",
        _("Department head consented to the catalogue entry"),
    )
    RESOURCE_RETURNED = "catalog:resource:returned", _("Data resource returned for correction")
    RESOURCE_PUBLISHED = "catalog:resource:published", _("Data resource published")
    RESOURCE_RECALLED = "catalog:resource:recalled", _("Submission taken back by the registrar")
    RESOURCE_CHANGE_OPENED = (
        "catalog:resource:change_opened",
        _("Working copy of the published entry opened"),
    )
    RESOURCE_DISCARDED = "catalog:resource:discarded", _("Draft or working copy thrown away")
    RESOURCE_TAKEN_DOWN = "catalog:resource:taken_down", _("Entry taken down from the catalogue")
    EDITION_ARRIVED = "catalog:edition:arrived", _("Edition of the data arrived")
    EDITION_HELD = "catalog:edition:held", _("Edition of the data held")
    EDITION_CHECK_ASKED = "catalog:edition:check_asked", _("Another check of the edition asked for")
    EDITION_CURRENT = "catalog:edition:current", _("Edition of the data is current")
    EDITION_KEPT = "catalog:edition:kept", _("Edition of the data gave way and is kept")
    EDITION_DROPPED = "catalog:edition:dropped", _("Edition of the data dropped")
    EDITION_PROFILED = (
        "catalog:edition:profiled",
        _("Live rows measured against the declared coverage"),
    )
    EDITIONS_CLEARED = (
        "catalog:edition:cleared",
        _("Rows of earlier editions removed by the rules of retention"),
    )
    EDITION_DAMAGED = "catalog:edition:damaged", _("Stored rows of an edition found damaged")
    EDITION_SOUND = "catalog:edition:sound", _("Stored rows of an edition are sound again")
    CONFORMITY_CHECKED = "catalog:conformity:checked", _("Data checked against its standards")
    REFRESH_SET = "catalog:refresh:set", _("Renewal on schedule switched")
    REFRESH_ORDERED = "catalog:refresh:ordered", _("Renewal of the data ordered")
    REFRESH_FAILED = "catalog:refresh:failed", _("Renewal of the data failed")
    REFRESH_MENDED = "catalog:refresh:mended", _("Renewal of the data succeeded again")
    COLLECTION_CHECKED = "catalog:collection:checked", _("Fields checked before collecting")
    COLLECTION_CORRECTED = (
        "catalog:collection:corrected",
        _("Answer of a check before collecting corrected"),
    )
    COLLECTION_CONCLUDED = "catalog:collection:concluded", _("Check before collecting concluded")
    REPEAT_REPORTED = "catalog:repeat:reported", _("Repeated form reported")
    REPEAT_ANSWERED = "catalog:repeat:answered", _("Report of a repeated form answered")
    CHANGE_RECORDED = "catalog:update:recorded", _("Update of the catalogue recorded")
    DEMAND_FILED = "catalog:demand:filed", _("Demand filed")
    DEMAND_CLAIMED = "catalog:demand:claimed", _("Demand claimed by a department")
    DEMAND_ASSIGNED = "catalog:demand:assigned", _("Demand assigned to a department")
    DEMAND_OFFERED = "catalog:demand:offered", _("Demand answered: an entry serves it")
    DEMAND_PROMISED = "catalog:demand:promised", _("Demand answered: will be collected")
    DEMAND_HANDED_BACK = (
        "catalog:demand:handed_back",
        _("Demand answered: another department's"),
    )
    DEMAND_REFUSED = "catalog:demand:refused", _("Demand refused on a legal basis")
    DEMAND_FELL_DUE = "catalog:demand:fell_due", _("Day promised for a demand reached")
    DEMAND_CONTESTED = "catalog:demand:contested", _("Refusal of a demand contested")
    DEMAND_UPHELD = "catalog:demand:upheld", _("Refusal of a demand upheld after mediation")
    DEMAND_SENT_BACK = "catalog:demand:sent_back", _("Demand to be answered anew after mediation")
    DEMAND_REQUESTED = "catalog:demand:requested", _("Entry that serves a demand applied for")
    DEMAND_REQUEST_ENDED = (
        "catalog:demand:request_ended",
        _("Request for a demand came to nothing"),
    )
    DEMAND_REQUEST_LAPSED = (
        "catalog:demand:request_lapsed",
        _("One of several requests for a demand came to nothing"),
    )
    DEMAND_SERVED = "catalog:demand:served", _("One department of a demand received the data")
    DEMAND_MET = "catalog:demand:met", _("Demand met by a delivery")
    DEMAND_CLOSED = "catalog:demand:closed", _("Demand ended as not met")
    DEMAND_WITHDRAWN = "catalog:demand:withdrawn", _("Demand withdrawn")
    DEMAND_VOICE_LEFT = "catalog:demand:voice_left", _("One department of a demand left it")
    DEMAND_MERGED = "catalog:demand:merged", _("Demand merged into another one")
    DEMAND_JOINED = "catalog:demand:joined", _("Another department joined a demand by a merger")
    DEMAND_SUCCEEDED = "catalog:demand:succeeded", _("Demand taken over by the successor")
    EXTENSION_ASKED = (
        "catalog:update:extension_asked",
        _("More time for updating an entry asked for"),
    )
    UPDATE_EXTENDED = "catalog:update:extended", _("More time for updating an entry given")
    EXTENSION_REFUSED = (
        "catalog:update:extension_refused",
        _("More time for updating an entry refused"),
    )
    UPDATE_MET = "catalog:update:met", _("Entry updated after a change of law or duties")
    UPDATE_ENTRY_NAMED = "catalog:update:entry_named", _("Entry named that registers new data")
    UPDATE_DISMISSED = "catalog:update:dismissed", _("Decided that an entry needs no update")
    CAUSE_RECORDED = "catalog:update_cause:recorded", _("Cause of updates recorded")
    SOURCE_SCOPED = "catalog:source:scoped", _("Object scope of a data element registered")
    SOURCE_CLAIMED = "catalog:source:claimed", _("Department claimed to be the source")
    SOURCE_COUNTERSIGN_ASKED = (
        "catalog:source:countersign_asked",
        _("Collecting department asked to countersign the source"),
    )
    SOURCE_COUNTERSIGNED = (
        "catalog:source:countersigned",
        _("Collecting department agreed to the source"),
    )
    SOURCE_OBJECTED = "catalog:source:objected", _("Collecting department objected to the source")
    SOURCE_SILENT = "catalog:source:silent", _("Collecting department said nothing in time")
    SOURCE_COUNTERSIGN_DROPPED = (
        "catalog:source:countersign_dropped",
        _("Countersigning no longer needed"),
    )
    SOURCE_CONFIRMED = "catalog:source:confirmed", _("Source named")
    SOURCE_REFUSED = "catalog:source:refused", _("Source claim not confirmed")
    SOURCE_WITHDRAWN = "catalog:source:withdrawn", _("Source claim withdrawn")
    SOURCE_EXCEPTED = (
        "catalog:source:excepted",
        _("Exception of a source recorded for an area below"),
    )
    SOURCE_RE_ASSIGNED = "catalog:source:re_assigned", _("Data element given to another source")
    SOURCE_ENDED = "catalog:source:ended", _("Source ended")
    CONFLICT_OPENED = "catalog:source_conflict:opened", _("Source conflict opened")
    CONFLICT_STATED = (
        "catalog:source_conflict:stated",
        _("Other side of the source conflict stated"),
    )
    CONFLICT_SILENT = (
        "catalog:source_conflict:silent",
        _("Other side of the source conflict said nothing in time"),
    )
    CONFLICT_OPINION = (
        "catalog:source_conflict:opinion_attached",
        _("Opinion of the establishment office attached"),
    )
    CONFLICT_DECIDED = "catalog:source_conflict:decided", _("Source conflict decided")
    CONFLICT_WITHDRAWN = "catalog:source_conflict:withdrawn", _("Source conflict withdrawn")
    CONFLICT_REVIEW_ASKED = (
        "catalog:source_conflict:review_asked",
        _("Review of the decision on the source asked for"),
    )
    CONFLICT_UPHELD = "catalog:source_conflict:upheld", _("Decision on the source upheld")
    CONFLICT_CHANGED = (
        "catalog:source_conflict:changed",
        _("Decision on the source changed on review"),
    )
    TEMPLATE_WRITTEN = "catalog:list_template:written", _("List template drawn up")
    TEMPLATE_EDITED = "catalog:list_template:edited", _("List template changed")
    TEMPLATE_ISSUED = "catalog:list_template:issued", _("List template issued")
    TEMPLATE_CLOSED = "catalog:list_template:closed", _("List template closed")
    ASSIGNMENT_MADE = "catalog:assignment:made", _("Line assigned to a department")
    ASSIGNMENT_CLAIMED = "catalog:assignment:claimed", _("Department claimed the line")
    ASSIGNMENT_CLAIMED_PARTLY = (
        "catalog:assignment:claimed_partly",
        _("Department claimed the line in part"),
    )
    ASSIGNMENT_REFUSED = "catalog:assignment:refused", _("Department did not claim the line")
    ASSIGNMENT_UNANSWERED = (
        "catalog:assignment:unanswered",
        _("Department said nothing in time about the line"),
    )
    ASSIGNMENT_REASSIGNED = (
        "catalog:assignment:reassigned",
        _("Line assigned to another department"),
    )
    ASSIGNMENT_ACCEPTED = "catalog:assignment:accepted", _("That the line is not claimed accepted")
    ASSIGNMENT_REST_SETTLED = (
        "catalog:assignment:rest_settled",
        _("Remaining part of the line settled"),
    )
    ASSIGNMENT_WITHDRAWN = "catalog:assignment:withdrawn", _("Assignment taken back")
    ASSIGNMENT_LAPSED = "catalog:assignment:lapsed", _("Template closed without an answer")
    ASSIGNMENT_DESCRIBED = (
        "catalog:assignment:described",
        _("Duty, matter, system and table of the line said"),
    )
    ASSIGNMENT_BOUND = "catalog:assignment:bound", _("Entry named that fills the line")
    ASSIGNMENT_ENTRY_LOST = (
        "catalog:assignment:entry_lost",
        _("Entry that filled the line is gone"),
    )
    ASSIGNMENT_REGISTERED = "catalog:assignment:registered", _("Entry that fills it is under way")
    ASSIGNMENT_PUBLISHED = "catalog:assignment:published", _("Entry that fills it is published")
    ASSIGNMENT_WITH_DATA = "catalog:assignment:with_data", _("Entry that fills it has data")
    ASSIGNMENT_SUCCEEDED = (
        "catalog:assignment:succeeded",
        _("Assignment gone over to the successor"),
    )
    NEGATIVE_PROPOSED = "catalog:negative_entry:proposed", _("Negative entry proposed")
    NEGATIVE_ASKED = "catalog:negative_entry:consent_asked", _("Negative entry before the head")
    NEGATIVE_CONSENTED = "catalog:negative_entry:consented", _("Negative entry consented to")
    NEGATIVE_IN_FORCE = "catalog:negative_entry:in_force", _("Negative entry in force")
    NEGATIVE_REFUSED = "catalog:negative_entry:refused", _("Negative entry not put in force")
    NEGATIVE_WITHDRAWN = "catalog:negative_entry:withdrawn", _("Negative entry withdrawn")
    NEGATIVE_COVERED = (
        "catalog:negative_entry:covered",
        _("What a negative entry strikes has changed"),
    )
    NEGATIVE_REVIEW_DUE = "catalog:negative_entry:review_due", _("Negative entry due for review")
    NEGATIVE_KEPT = "catalog:negative_entry:kept", _("Negative entry reviewed and kept")
    NEGATIVE_LAPSED = "catalog:negative_entry:lapsed", _("Basis of a negative entry ended")
    NEGATIVE_SUPERSEDED = "catalog:negative_entry:superseded", _("Negative entry superseded")
    NEGATIVE_SUCCEEDED = (
        "catalog:negative_entry:succeeded",
        _("Negative entry taken over by the successor"),
    )
    CONTEST_RAISED = "catalog:negative_contest:raised", _("Basis of a negative entry contested")
    CONTEST_ANSWERED = "catalog:negative_contest:answered", _("Contest of a basis answered")
    CONTEST_SILENT = "catalog:negative_contest:silent", _("Contest of a basis not answered in time")
    CONTEST_UPHELD = "catalog:negative_contest:upheld", _("Contested basis upheld")
    CONTEST_TO_CHANGE = (
        "catalog:negative_contest:to_change",
        _("Negative entry to be changed after a contest"),
    )
    CONTEST_SUCCEEDED = (
        "catalog:negative_contest:succeeded",
        _("Contest of a basis taken over by the successor"),
    )
    CONTEST_LAPSED = "catalog:negative_contest:lapsed", _("Contest of a basis fell away")
    CONTEST_CHANGED = (
        "catalog:negative_contest:changed",
        _("Negative entry changed after a contest"),
    )
    SYSTEM_REGISTERED = "catalog:system:registered", _("Information system registered")
    SYSTEM_EDITED = "catalog:system:edited", _("Information system described anew")
    SYSTEM_BEGUN = "catalog:system:begun", _("Information system is being built")
    SYSTEM_LAUNCHED = "catalog:system:launched", _("Information system runs")
    SYSTEM_STOPPING = "catalog:system:stopping", _("Information system is being shut down")
    SYSTEM_STOPPED = "catalog:system:stopped", _("Information system shut down")
    CLAIM_SUCCEEDED = (
        "catalog:source:succeeded",
        _("Source of a data element taken over by the successor"),
    )
    RESOURCE_SUCCEEDED = (
        "catalog:resource:succeeded",
        _("Catalogue entry taken over by the successor"),
    )
    UPDATE_SUCCEEDED = (
        "catalog:update:succeeded",
        _("Update of an entry taken over by the successor"),
    )
    SOURCE_LAPSED = "catalog:source:lapsed", _("Source claim fell away")
    SOURCE_ROUTED = "catalog:source:routed", _("Source claim is for another data administration")
    SOURCE_CARRIED = "catalog:source:carried", _("Source goes over to the replacing data element")
    SOURCE_SCOPE_ENDED = "catalog:source:scope_ended", _("Object scope of a data element ended")
    COUNTERSIGN_SUCCEEDED = (
        "catalog:source:countersign_succeeded",
        _("Countersigning taken over by the successor"),
    )
    CONFLICT_SUCCEEDED = (
        "catalog:source_conflict:succeeded",
        _("Side of a source conflict taken over by the successor"),
    )
    CONFLICT_REFERRED = (
        "catalog:source_conflict:referred",
        _("Source conflict brought before the superior administration"),
    )
    CONFLICT_ROUTED = (
        "catalog:source_conflict:routed",
        _("Source conflict is for another data administration"),
    )
    CONFLICT_LAPSED = "catalog:source_conflict:lapsed", _("Source conflict fell away")
    PROPOSAL_SUCCEEDED = (
        "catalog:proposal:succeeded",
        _("Proposal for a data element taken over by the successor"),
    )
    OPINION_SUCCEEDED = (
        "catalog:proposal:opinion_succeeded",
        _("Opinion on a data element asked of the successor"),
    )
    DEMAND_WAITS = "catalog:demand:waits", _("Demand to be applied for by the others")
    ELEMENT_SUCCEEDED = (
        "catalog:element:succeeded",
        _("Draft of a data element taken over by the successor"),
    )
    COLLECTION_SUCCEEDED = (
        "catalog:collection:succeeded",
        _("Check before collecting taken over by the successor"),
    )
    REPEAT_SUCCEEDED = (
        "catalog:repeat:succeeded",
        _("Report of a repeated form taken over by the successor"),
    )
    CENSUS_SUCCEEDED = (
        "catalog:census:succeeded",
        _("Report to the census passed to the successor"),
    )
    SYSTEM_SUCCEEDED = (
        "catalog:system:succeeded",
        _("Information system taken over by the successor"),
    )
    SYSTEM_CONFIRMED = "catalog:system:confirmed", _("Information system confirmed in the census")
    CENSUS_OPENED = "catalog:census:opened", _("Census of systems opened")
    CENSUS_ASKED = "catalog:census:asked", _("Department asked for its systems")
    CENSUS_REPORTED = "catalog:census:reported", _("Department reported its systems")
    CENSUS_MISSED = "catalog:census:missed", _("Department has not reported its systems")
    CENSUS_CLOSED = "catalog:census:closed", _("Census of systems closed")

    REQUEST_CREATED = "exchange:request:created", _("Share request drafted")
    REQUEST_EDITED = "exchange:request:edited", _("Draft of the share request changed")
    REQUEST_CONSENT_ASKED = (
        "exchange:request:consent_asked",
        _("Consent of the own sharing head asked"),
    )
    REQUEST_SUBMITTED = "exchange:request:submitted", _("Share request reached the unified intake")
    REQUEST_RETURNED = (
        "exchange:request:returned",
        _("Share request returned by the own sharing head"),
    )
    REQUEST_WITHDRAWN = "exchange:request:withdrawn", _("Share request withdrawn")
    REPLY_PREPARED = "exchange:request:reply_prepared", _("Reply to the share request prepared")
    REPLY_SENT_BACK = "exchange:request:reply_sent_back", _("Reply sent back to the approver")
    REQUEST_APPROVED = "exchange:request:approved", _("Share request approved")
    REQUEST_PARTLY_APPROVED = "exchange:request:partly_approved", _("Share request partly approved")
    REQUEST_REFUSED = "exchange:request:refused", _("Share request refused")
    GRANT_ISSUED = "exchange:grant:issued", _("Grant issued")
    GRANT_ACTIVATED = "exchange:grant:activated", _("Grant active")
    GRANT_NOT_READY = "exchange:grant:not_ready", _("Trial run of the grant failed")
    GRANT_PROOF_ASKED = "exchange:grant:proof_asked", _("Another trial run of the grant asked for")
    GRANT_ITEM_SUSPENDED = "exchange:grant:item_suspended", _("Granted item suspended")
    GRANT_ITEM_RESUMED = "exchange:grant:item_resumed", _("Granted item resumed")
    GRANT_ITEM_LEFT = "exchange:grant:item_left_suspended", _("Granted item left suspended")
    REQUEST_SUCCEEDED = "exchange:request:succeeded", _("Share request taken over by the successor")
    GRANT_SUSPENDED = "exchange:grant:suspended", _("Grant suspended")
    GRANT_RESUMED = "exchange:grant:resumed", _("Grant resumed")
    GRANT_READIED_AGAIN = "exchange:grant:readied_again", _("Delivery of the grant readied again")
    GRANT_TERMINATED = "exchange:grant:terminated", _("Grant terminated after consultation")
    GRANT_SUCCEEDED = "exchange:grant:succeeded", _("Grant taken over by the successor")
    GRANT_REVOKED = "exchange:grant:revoked", _("Grant revoked")
    GRANT_EXPIRED = "exchange:grant:expired", _("Grant expired")
    CONSULTATION_OPENED = "exchange:consultation:opened", _("Consultation opened")
    CONSULTATION_EXTENDED = (
        "exchange:consultation:extended",
        _("Further items added to the consultation"),
    )
    CONSULTATION_STATED = "exchange:consultation:stated", _("Side stated in the consultation")
    CONSULTATION_CONCLUDED = "exchange:consultation:concluded", _("Consultation concluded")
    CONSULTATION_DROPPED = "exchange:consultation:dropped", _("Consultation no longer needed")
    CONSULTATION_SUCCEEDED = (
        "exchange:consultation:succeeded",
        _("Consultation taken over by the successor"),
    )
    FILING_OPENED = "exchange:filing:opened", _("Filing opened")
    FILING_FILED = "exchange:filing:filed", _("Filed with the data administration")
    FILING_DROPPED = "exchange:filing:dropped", _("Filing no longer needed")
    FILING_SUCCEEDED = "exchange:filing:succeeded", _("Filing taken over by the successor")
    DELIVERY_STARTED = "exchange:delivery:started", _("Delivery started")
    DELIVERY_FINISHED = "exchange:delivery:finished", _("Delivery finished")
    DELIVERY_STOPPED = "exchange:delivery:stopped", _("Delivery stopped")
    DELIVERY_FAILED = "exchange:delivery:failed", _("Delivery failed")
    DELIVERY_REFUSED = "exchange:delivery:refused", _("Delivery refused")

    DEPARTMENT_CREATED = "auth:department:created", _("Department created")
    DEPARTMENT_RENAMED = "auth:department:renamed", _("Department renamed")
    DEPARTMENT_DESCRIBED = "auth:department:described", _("Department described")
    DEPARTMENT_QUOTA_SET = "auth:department:quota_set", _("Storage quota of a department set")
    DEPARTMENT_MERGED = "auth:department:merged", _("Departments merged")
    DEPARTMENT_SPLIT = "auth:department:split", _("Department split")
    SUCCESSION_OPENED = "auth:succession:opened", _("Successors to be named after an act")
    SUCCESSOR_NAMED = "auth:succession:named", _("Successor named")
    SUCCESSION_SETTLED = "auth:succession:settled", _("Everything has its successor")
    DUTY_RECORDED = "auth:duty:recorded", _("Duty of a department recorded")
    DUTY_ENDED = "auth:duty:ended", _("Duty of a department ended")
    AREAS_LOADED = "auth:area:loaded", _("Table of divisions loaded")
    AREA_REGISTERED = "auth:area:registered", _("Functional area registered")
    AREA_ENDED = "auth:area:ended", _("Functional area ended")
    USER_CREATED = "auth:user:created", _("Account created")
    USER_SUSPENDED = "auth:user:suspended", _("Account suspended")
    USER_RESTORED = "auth:user:restored", _("Account restored")
    USER_UNLOCKED = "auth:user:unlocked", _("Sign-in unlocked")
    ROLES_ASSIGNED = "auth:user:roles_assigned", _("Roles assigned")
    PASSWORD_RESET = "auth:user:password_reset", _("Password reset")
    SEAT_CHANGE_PROPOSED = "auth:seat:proposed", _("Change of a seat proposed")
    SEAT_CHANGE_CONFIRMED = "auth:seat:confirmed", _("Change of a seat confirmed")
    SEAT_CHANGE_REFUSED = "auth:seat:refused", _("Change of a seat refused")
    SEAT_CHANGE_EXPIRED = "auth:seat:expired", _("Change of a seat not confirmed in time")
    PASSWORD_CHANGED = "auth:user:password_changed", _("Password changed")
    PREFERENCES_CHANGED = "auth:user:preferences_changed", _("Display settings changed")
    SESSION_OPENED = "auth:session:opened", _("Signed in")
    SESSION_REFUSED = "auth:session:refused", _("Sign-in refused")
    SESSION_CLOSED = "auth:session:closed", _("Signed out")
    SESSIONS_ENDED = "auth:session:ended", _("Sessions ended")
    TOKEN_ISSUED = "auth:token:issued", _("Service token issued")
    TOKEN_REVOKED = "auth:token:revoked", _("Service token revoked")
    ACTION_DENIED = "auth:action:denied", _("Action denied")
    DENIALS_COUNTED = "auth:action:counted", _("Refused actions counted")

    KEY_REGISTERED = "server:key:registered", _("Key of the installation registered")
    KEY_ROTATED = "server:key:rotated", _("Key of the installation replaced by a new one")
    BACKUP_MADE = "server:backup:made", _("Backup made")
    BACKUP_RESTORED = "server:backup:restored", _("Installation restored from a backup")
    JOB_RETRIED = "server:job:retried", _("Background job put back for another try")
    CALENDAR_LOADED = "desk:calendar:loaded", _("Working-day calendar loaded")
    CLOCK_RECOUNTED = "desk:clock:recounted", _("Time limit counted anew")
    CLOCK_ESCALATED = "desk:clock:escalated", _("Next seat told of what is overdue")
    TRAIL_READ = "audit:trail:read", _("Trail read")
    TRAIL_EXPORTED = "audit:trail:exported", _("Trail exported")
