"""The tags of the trail: ``source:subject:action``, the action in the past tense; documented in
``docs/events.md``.
"""

from enum import StrEnum

from shuqiao.i18n import Message, _


class Event(StrEnum):
    """One kind of fact. A tag is never renamed or re-used: the trail outlives the code."""

    DOMAIN_CREATED = "catalog:domain:created"
    DOMAIN_IMPORTED = "catalog:domain:imported"
    DOMAIN_ENDED = "catalog:domain:ended"
    DUPLICATES_SWEPT = "catalog:duplicate:swept"
    DUPLICATE_DISMISSED = "catalog:duplicate:dismissed"
    ELEMENT_ADOPTED = "catalog:element:adopted"
    RESOURCE_REGISTERED = "catalog:resource:registered"
    RESOURCE_EDITED = "catalog:resource:edited"
    RESOURCE_CLASS_CHOSEN = "catalog:resource:class_chosen"
    SECRET_REFUSED = "catalog:resource:secret_refused"
    RESOURCE_ATTACHED = "catalog:resource:attached"
    ATTACHMENT_REFUSED = "catalog:attachment:refused"
    ATTACHMENT_MOVED = "catalog:attachment:moved"
    ATTACHMENT_REMOVED = "catalog:attachment:removed"
    SNAPSHOT_MADE = "catalog:snapshot:made"
    CONNECTION_ADDED = "catalog:connection:added"
    CONNECTION_TESTED = "catalog:connection:tested"
    CONNECTION_REMOVED = "catalog:connection:removed"
    RESOURCE_SUBMITTED = "catalog:resource:submitted"
    RESOURCE_CONSENTED = "catalog:resource:consented"
    RESOURCE_RETURNED = "catalog:resource:returned"
    RESOURCE_PUBLISHED = "catalog:resource:published"
    RESOURCE_RECALLED = "catalog:resource:recalled"
    RESOURCE_CHANGE_OPENED = "catalog:resource:change_opened"
    RESOURCE_DISCARDED = "catalog:resource:discarded"
    RESOURCE_TAKEN_DOWN = "catalog:resource:taken_down"
    EDITION_ARRIVED = "catalog:edition:arrived"
    EDITION_HELD = "catalog:edition:held"
    EDITION_CHECK_ASKED = "catalog:edition:check_asked"
    EDITION_CURRENT = "catalog:edition:current"
    EDITION_KEPT = "catalog:edition:kept"
    EDITION_DROPPED = "catalog:edition:dropped"
    EDITION_PROFILED = "catalog:edition:profiled"
    EDITIONS_CLEARED = "catalog:edition:cleared"
    CONFORMITY_CHECKED = "catalog:conformity:checked"
    REFRESH_SET = "catalog:refresh:set"
    REFRESH_ORDERED = "catalog:refresh:ordered"
    REFRESH_FAILED = "catalog:refresh:failed"
    REFRESH_MENDED = "catalog:refresh:mended"
    CHANGE_RECORDED = "catalog:update:recorded"
    EXTENSION_ASKED = "catalog:update:extension_asked"
    UPDATE_EXTENDED = "catalog:update:extended"
    EXTENSION_REFUSED = "catalog:update:extension_refused"
    UPDATE_MET = "catalog:update:met"
    SOURCE_SCOPED = "catalog:source:scoped"
    SOURCE_CLAIMED = "catalog:source:claimed"
    SOURCE_COUNTERSIGN_ASKED = "catalog:source:countersign_asked"
    SOURCE_COUNTERSIGNED = "catalog:source:countersigned"
    SOURCE_OBJECTED = "catalog:source:objected"
    SOURCE_SILENT = "catalog:source:silent"
    SOURCE_COUNTERSIGN_DROPPED = "catalog:source:countersign_dropped"
    SOURCE_CONFIRMED = "catalog:source:confirmed"
    SOURCE_REFUSED = "catalog:source:refused"
    SOURCE_WITHDRAWN = "catalog:source:withdrawn"
    SOURCE_EXCEPTED = "catalog:source:excepted"
    SOURCE_RE_ASSIGNED = "catalog:source:re_assigned"
    SOURCE_ENDED = "catalog:source:ended"
    SYSTEM_REGISTERED = "catalog:system:registered"
    SYSTEM_EDITED = "catalog:system:edited"
    SYSTEM_BEGUN = "catalog:system:begun"
    SYSTEM_LAUNCHED = "catalog:system:launched"
    SYSTEM_STOPPING = "catalog:system:stopping"
    SYSTEM_STOPPED = "catalog:system:stopped"
    CLAIM_SUCCEEDED = "catalog:source:succeeded"
    RESOURCE_SUCCEEDED = "catalog:resource:succeeded"
    UPDATE_SUCCEEDED = "catalog:update:succeeded"
    SYSTEM_SUCCEEDED = "catalog:system:succeeded"
    SYSTEM_CONFIRMED = "catalog:system:confirmed"
    CENSUS_OPENED = "catalog:census:opened"
    CENSUS_ASKED = "catalog:census:asked"
    CENSUS_REPORTED = "catalog:census:reported"
    CENSUS_MISSED = "catalog:census:missed"
    CENSUS_CLOSED = "catalog:census:closed"

    REQUEST_CREATED = "exchange:request:created"
    REQUEST_EDITED = "exchange:request:edited"
    REQUEST_CONSENT_ASKED = "exchange:request:consent_asked"
    REQUEST_SUBMITTED = "exchange:request:submitted"
    REQUEST_RETURNED = "exchange:request:returned"
    REQUEST_WITHDRAWN = "exchange:request:withdrawn"
    REPLY_PREPARED = "exchange:request:reply_prepared"
    REPLY_SENT_BACK = "exchange:request:reply_sent_back"
    REQUEST_APPROVED = "exchange:request:approved"
    REQUEST_PARTLY_APPROVED = "exchange:request:partly_approved"
    REQUEST_REFUSED = "exchange:request:refused"
    GRANT_ISSUED = "exchange:grant:issued"
    GRANT_ACTIVATED = "exchange:grant:activated"
    GRANT_NOT_READY = "exchange:grant:not_ready"
    GRANT_PROOF_ASKED = "exchange:grant:proof_asked"
    GRANT_ITEM_SUSPENDED = "exchange:grant:item_suspended"
    GRANT_ITEM_RESUMED = "exchange:grant:item_resumed"
    GRANT_ITEM_LEFT = "exchange:grant:item_left_suspended"
    REQUEST_SUCCEEDED = "exchange:request:succeeded"
    GRANT_SUCCEEDED = "exchange:grant:succeeded"
    GRANT_REVOKED = "exchange:grant:revoked"
    GRANT_EXPIRED = "exchange:grant:expired"
    DELIVERY_STARTED = "exchange:delivery:started"
    DELIVERY_FINISHED = "exchange:delivery:finished"
    DELIVERY_STOPPED = "exchange:delivery:stopped"
    DELIVERY_FAILED = "exchange:delivery:failed"
    DELIVERY_REFUSED = "exchange:delivery:refused"

    DEPARTMENT_CREATED = "auth:department:created"
    DEPARTMENT_RENAMED = "auth:department:renamed"
    DEPARTMENT_DESCRIBED = "auth:department:described"
    DEPARTMENT_MERGED = "auth:department:merged"
    DEPARTMENT_SPLIT = "auth:department:split"
    SUCCESSION_OPENED = "auth:succession:opened"
    SUCCESSOR_NAMED = "auth:succession:named"
    SUCCESSION_SETTLED = "auth:succession:settled"
    DUTY_RECORDED = "auth:duty:recorded"
    DUTY_ENDED = "auth:duty:ended"
    AREAS_LOADED = "auth:area:loaded"
    AREA_REGISTERED = "auth:area:registered"
    AREA_ENDED = "auth:area:ended"
    USER_CREATED = "auth:user:created"
    USER_SUSPENDED = "auth:user:suspended"
    USER_RESTORED = "auth:user:restored"
    USER_UNLOCKED = "auth:user:unlocked"
    ROLES_ASSIGNED = "auth:user:roles_assigned"
    PASSWORD_RESET = "auth:user:password_reset"
    PASSWORD_CHANGED = "auth:user:password_changed"
    PREFERENCES_CHANGED = "auth:user:preferences_changed"
    SESSION_OPENED = "auth:session:opened"
    SESSION_REFUSED = "auth:session:refused"
    SESSION_CLOSED = "auth:session:closed"
    SESSIONS_ENDED = "auth:session:ended"
    TOKEN_ISSUED = "auth:token:issued"
    TOKEN_REVOKED = "auth:token:revoked"
    ACTION_DENIED = "auth:action:denied"

    JOB_RETRIED = "server:job:retried"
    CALENDAR_LOADED = "desk:calendar:loaded"
    CLOCK_RECOUNTED = "desk:clock:recounted"
    CLOCK_ESCALATED = "desk:clock:escalated"
    TRAIL_READ = "audit:trail:read"
    TRAIL_EXPORTED = "audit:trail:exported"

    @property
    def label(self) -> Message:
        """The event in words, for pages."""
        return _LABELS[self]


_LABELS: dict[Event, Message] = {
    Event.DOMAIN_CREATED: _("Value domain made"),
    Event.DOMAIN_IMPORTED: _("Edition of a value domain imported"),
    Event.DOMAIN_ENDED: _("Edition of a value domain no longer in force"),
    Event.DUPLICATES_SWEPT: _("Items compared with all data elements"),
    Event.DUPLICATE_DISMISSED: _("Said not to be a duplicate"),
    Event.ELEMENT_ADOPTED: _("Data element adopted"),
    Event.RESOURCE_REGISTERED: _("Data resource registered"),
    Event.RESOURCE_EDITED: _("Data resource edited"),
    Event.RESOURCE_CLASS_CHOSEN: _("Class of the draft chosen again, with another code"),
    Event.SECRET_REFUSED: _("Entry refused that was declared to contain a secret"),
    Event.RESOURCE_ATTACHED: _("Data attached"),
    Event.ATTACHMENT_REFUSED: _("Attached file refused"),
    Event.ATTACHMENT_MOVED: _("Attached data joined its entry with the working copy"),
    Event.ATTACHMENT_REMOVED: _("Attached data removed with its draft"),
    Event.SNAPSHOT_MADE: _("Data snapshot made"),
    Event.CONNECTION_ADDED: _("Database connection added"),
    Event.CONNECTION_TESTED: _("Database connection tested"),
    Event.CONNECTION_REMOVED: _("Database connection removed"),
    Event.RESOURCE_SUBMITTED: _("Data resource submitted for review"),
    Event.RESOURCE_CONSENTED: _("Department head consented to the catalogue entry"),
    Event.RESOURCE_RETURNED: _("Data resource returned for correction"),
    Event.RESOURCE_PUBLISHED: _("Data resource published"),
    Event.RESOURCE_RECALLED: _("Submission taken back by the registrar"),
    Event.RESOURCE_CHANGE_OPENED: _("Working copy of the published entry opened"),
    Event.RESOURCE_DISCARDED: _("Draft or working copy thrown away"),
    Event.RESOURCE_TAKEN_DOWN: _("Entry taken down from the catalogue"),
    Event.EDITION_ARRIVED: _("Edition of the data arrived"),
    Event.EDITION_HELD: _("Edition of the data held"),
    Event.EDITION_CHECK_ASKED: _("Another check of the edition asked for"),
    Event.EDITION_CURRENT: _("Edition of the data is current"),
    Event.EDITION_KEPT: _("Edition of the data gave way and is kept"),
    Event.EDITION_DROPPED: _("Edition of the data dropped"),
    Event.EDITION_PROFILED: _("Live rows measured against the declared coverage"),
    Event.EDITIONS_CLEARED: _("Rows of earlier editions removed by the rules of retention"),
    Event.CONFORMITY_CHECKED: _("Data checked against its standards"),
    Event.REFRESH_SET: _("Renewal on schedule switched"),
    Event.REFRESH_ORDERED: _("Renewal of the data ordered"),
    Event.REFRESH_FAILED: _("Renewal of the data failed"),
    Event.REFRESH_MENDED: _("Renewal of the data succeeded again"),
    Event.CHANGE_RECORDED: _("Change of law or duties recorded"),
    Event.EXTENSION_ASKED: _("More time for updating an entry asked for"),
    Event.UPDATE_EXTENDED: _("More time for updating an entry given"),
    Event.EXTENSION_REFUSED: _("More time for updating an entry refused"),
    Event.UPDATE_MET: _("Entry updated after a change of law or duties"),
    Event.SOURCE_SCOPED: _("Object scope of a data element registered"),
    Event.SOURCE_CLAIMED: _("Department claimed to be the source"),
    Event.SOURCE_COUNTERSIGN_ASKED: _("Collecting department asked to countersign the source"),
    Event.SOURCE_COUNTERSIGNED: _("Collecting department agreed to the source"),
    Event.SOURCE_OBJECTED: _("Collecting department objected to the source"),
    Event.SOURCE_SILENT: _("Collecting department said nothing in time"),
    Event.SOURCE_COUNTERSIGN_DROPPED: _("Countersigning no longer needed"),
    Event.SOURCE_CONFIRMED: _("Source named"),
    Event.SOURCE_REFUSED: _("Source claim not confirmed"),
    Event.SOURCE_WITHDRAWN: _("Source claim withdrawn"),
    Event.SOURCE_EXCEPTED: _("Exception of a source recorded for an area below"),
    Event.SOURCE_RE_ASSIGNED: _("Data element given to another source"),
    Event.SOURCE_ENDED: _("Source ended"),
    Event.SYSTEM_REGISTERED: _("Information system registered"),
    Event.SYSTEM_EDITED: _("Information system described anew"),
    Event.SYSTEM_BEGUN: _("Information system is being built"),
    Event.SYSTEM_LAUNCHED: _("Information system runs"),
    Event.SYSTEM_STOPPING: _("Information system is being shut down"),
    Event.SYSTEM_STOPPED: _("Information system shut down"),
    Event.CLAIM_SUCCEEDED: _("Source of a data element taken over by the successor"),
    Event.RESOURCE_SUCCEEDED: _("Catalogue entry taken over by the successor"),
    Event.UPDATE_SUCCEEDED: _("Update of an entry taken over by the successor"),
    Event.SYSTEM_SUCCEEDED: _("Information system taken over by the successor"),
    Event.REQUEST_SUCCEEDED: _("Share request taken over by the successor"),
    Event.GRANT_SUCCEEDED: _("Grant taken over by the successor"),
    Event.SUCCESSION_OPENED: _("Successors to be named after an act"),
    Event.SUCCESSOR_NAMED: _("Successor named"),
    Event.SUCCESSION_SETTLED: _("Everything has its successor"),
    Event.SYSTEM_CONFIRMED: _("Information system confirmed in the census"),
    Event.CENSUS_OPENED: _("Census of systems opened"),
    Event.CENSUS_ASKED: _("Department asked for its systems"),
    Event.CENSUS_REPORTED: _("Department reported its systems"),
    Event.CENSUS_MISSED: _("Department has not reported its systems"),
    Event.CENSUS_CLOSED: _("Census of systems closed"),
    Event.REQUEST_CREATED: _("Share request drafted"),
    Event.REQUEST_EDITED: _("Draft of the share request changed"),
    Event.REQUEST_CONSENT_ASKED: _("Consent of the own sharing head asked"),
    Event.REQUEST_SUBMITTED: _("Share request reached the unified intake"),
    Event.REQUEST_RETURNED: _("Share request returned by the own sharing head"),
    Event.REQUEST_WITHDRAWN: _("Share request withdrawn"),
    Event.REPLY_PREPARED: _("Reply to the share request prepared"),
    Event.REPLY_SENT_BACK: _("Reply sent back to the approver"),
    Event.REQUEST_APPROVED: _("Share request approved"),
    Event.REQUEST_PARTLY_APPROVED: _("Share request partly approved"),
    Event.REQUEST_REFUSED: _("Share request refused"),
    Event.GRANT_ISSUED: _("Grant issued"),
    Event.GRANT_ACTIVATED: _("Grant active"),
    Event.GRANT_NOT_READY: _("Trial run of the grant failed"),
    Event.GRANT_PROOF_ASKED: _("Another trial run of the grant asked for"),
    Event.GRANT_ITEM_SUSPENDED: _("Granted item suspended"),
    Event.GRANT_ITEM_RESUMED: _("Granted item resumed"),
    Event.GRANT_ITEM_LEFT: _("Granted item left suspended"),
    Event.GRANT_REVOKED: _("Grant revoked"),
    Event.GRANT_EXPIRED: _("Grant expired"),
    Event.DELIVERY_STARTED: _("Delivery started"),
    Event.DELIVERY_FINISHED: _("Delivery finished"),
    Event.DELIVERY_STOPPED: _("Delivery stopped"),
    Event.DELIVERY_FAILED: _("Delivery failed"),
    Event.DELIVERY_REFUSED: _("Delivery refused"),
    Event.DEPARTMENT_CREATED: _("Department created"),
    Event.DEPARTMENT_RENAMED: _("Department renamed"),
    Event.DEPARTMENT_DESCRIBED: _("Department described"),
    Event.DEPARTMENT_MERGED: _("Departments merged"),
    Event.DEPARTMENT_SPLIT: _("Department split"),
    Event.DUTY_RECORDED: _("Duty of a department recorded"),
    Event.DUTY_ENDED: _("Duty of a department ended"),
    Event.AREAS_LOADED: _("Table of divisions loaded"),
    Event.AREA_REGISTERED: _("Functional area registered"),
    Event.AREA_ENDED: _("Functional area ended"),
    Event.USER_CREATED: _("Account created"),
    Event.USER_SUSPENDED: _("Account suspended"),
    Event.USER_RESTORED: _("Account restored"),
    Event.USER_UNLOCKED: _("Sign-in unlocked"),
    Event.ROLES_ASSIGNED: _("Roles assigned"),
    Event.PASSWORD_RESET: _("Password reset"),
    Event.PASSWORD_CHANGED: _("Password changed"),
    Event.PREFERENCES_CHANGED: _("Display settings changed"),
    Event.SESSION_OPENED: _("Signed in"),
    Event.SESSION_REFUSED: _("Sign-in refused"),
    Event.SESSION_CLOSED: _("Signed out"),
    Event.SESSIONS_ENDED: _("Sessions ended"),
    Event.TOKEN_ISSUED: _("Service token issued"),
    Event.TOKEN_REVOKED: _("Service token revoked"),
    Event.ACTION_DENIED: _("Action denied"),
    Event.JOB_RETRIED: _("Background job put back for another try"),
    Event.CALENDAR_LOADED: _("Working-day calendar loaded"),
    Event.CLOCK_RECOUNTED: _("Time limit counted anew"),
    Event.CLOCK_ESCALATED: _("Next seat told of what is overdue"),
    Event.TRAIL_READ: _("Trail read"),
    Event.TRAIL_EXPORTED: _("Trail exported"),
}
