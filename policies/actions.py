"""What can be asked for: one imperative name per action, the same in policies, guards, token scopes
and audit facts.
"""

from enum import StrEnum


class Action(StrEnum):
    """Every action that a rule decides.

    The schema declares the same names; loading compares the two.
    """

    DOMAIN_READ = "catalog:domain:read"
    DOMAIN_IMPORT = "catalog:domain:import"
    ELEMENT_ADOPT = "catalog:element:adopt"
    ELEMENT_READ = "catalog:element:read"
    ELEMENT_PROPOSE = "catalog:element:propose"
    PROPOSAL_READ = "catalog:proposal:read"
    PROPOSAL_MEND = "catalog:proposal:mend"
    PROPOSAL_ANSWER = "catalog:proposal:answer"
    PROPOSAL_DECIDE = "catalog:proposal:decide"

    RESOURCE_REGISTER = "catalog:resource:register"
    RESOURCE_READ = "catalog:resource:read"
    RESOURCE_EDIT = "catalog:resource:edit"
    RESOURCE_ATTACH = "catalog:resource:attach"
    RESOURCE_SUBMIT = "catalog:resource:submit"
    RESOURCE_CONSENT = "catalog:resource:consent"
    RESOURCE_REVIEW = "catalog:resource:review"

    DUPLICATE_READ = "catalog:duplicate:read"
    DUPLICATE_DISMISS = "catalog:duplicate:dismiss"

    UPDATE_RECORD = "catalog:update:record"
    UPDATE_READ = "catalog:update:read"
    UPDATE_ASK = "catalog:update:ask_extension"
    UPDATE_EXTEND = "catalog:update:extend"

    COLLECTION_MAKE = "catalog:collection:make"
    COLLECTION_READ = "catalog:collection:read"
    COLLECTION_EDIT = "catalog:collection:edit"
    REPEAT_REPORT = "catalog:repeat:report"
    REPEAT_READ = "catalog:repeat:read"
    REPEAT_ANSWER = "catalog:repeat:answer"

    SOURCE_SCOPE = "catalog:source:scope"
    SOURCE_CLAIM = "catalog:source:claim"
    SOURCE_READ = "catalog:source:read"
    SOURCE_WITHDRAW = "catalog:source:withdraw"
    SOURCE_COUNTERSIGN = "catalog:source:countersign"
    SOURCE_NAME = "catalog:source:name"
    SOURCE_EXCEPT = "catalog:source:except"
    SOURCE_END = "catalog:source:end"

    CONFLICT_OPEN = "catalog:source_conflict:open"
    CONFLICT_READ = "catalog:source_conflict:read"
    CONFLICT_STATE = "catalog:source_conflict:state"
    CONFLICT_WITHDRAW = "catalog:source_conflict:withdraw"
    CONFLICT_DECIDE = "catalog:source_conflict:decide"
    CONFLICT_REFER = "catalog:source_conflict:refer"
    CONFLICT_ASK_REVIEW = "catalog:source_conflict:ask_review"
    CONFLICT_REVIEW = "catalog:source_conflict:review"
    SYSTEM_READ = "catalog:system:read"
    SYSTEM_REGISTER = "catalog:system:register"
    SYSTEM_EDIT = "catalog:system:edit"
    CENSUS_READ = "catalog:census:read"
    CENSUS_OPEN = "catalog:census:open"
    CENSUS_REPORT = "catalog:census:report"

    CONNECTION_READ = "catalog:connection:read"
    CONNECTION_USE = "catalog:connection:use"

    REQUEST_CREATE = "exchange:request:create"
    REQUEST_READ = "exchange:request:read"
    REQUEST_EDIT = "exchange:request:edit"
    REQUEST_SUBMIT = "exchange:request:submit"
    REQUEST_CONSENT = "exchange:request:consent"
    REQUEST_WITHDRAW = "exchange:request:withdraw"
    REQUEST_PREPARE_REPLY = "exchange:request:prepare_reply"
    REQUEST_RELEASE = "exchange:request:release"

    GRANT_READ = "exchange:grant:read"
    GRANT_REVOKE = "exchange:grant:revoke"
    GRANT_FETCH = "exchange:grant:fetch"
    GRANT_PROVE = "exchange:grant:prove"
    GRANT_SETTLE_ITEM = "exchange:grant:settle_item"
    DELIVERY_READ = "exchange:delivery:read"

    SELF_REVIEW_READ = "catalog:self_review:read"

    TRAIL_READ = "audit:trail:read"
    TRAIL_EXPORT = "audit:trail:export"

    TOKEN_ISSUE = "auth:token:issue"
    TOKEN_READ = "auth:token:read"
    TOKEN_REVOKE = "auth:token:revoke"
    SCOPE_HOLD = "auth:scope:hold"

    DEPARTMENT_READ = "auth:department:read"
    DEPARTMENT_CREATE = "auth:department:create"
    DEPARTMENT_RENAME = "auth:department:rename"
    DEPARTMENT_REORGANISE = "auth:department:reorganise"
    SUCCESSION_READ = "auth:succession:read"
    SUCCESSION_NAME = "auth:succession:name"
    DEPARTMENT_BROWSE = "auth:department:browse"
    DEPARTMENT_DESCRIBE = "auth:department:describe"
    DUTY_RECORD = "auth:duty:record"
    AREA_BROWSE = "auth:area:browse"
    AREA_REGISTER = "auth:area:register"
    ACCOUNT_LIST = "auth:account:list"
    ACCOUNT_READ = "auth:account:read"
    ACCOUNT_CREATE = "auth:account:create"
    ACCOUNT_SUSPEND = "auth:account:suspend"
    ACCOUNT_RESTORE = "auth:account:restore"
    ACCOUNT_RESET_PASSWORD = "auth:account:reset_password"
    ACCOUNT_UNLOCK = "auth:account:unlock"
    ACCOUNT_END_SESSIONS = "auth:account:end_sessions"
    ROLES_ASSIGN = "auth:account:assign_roles"
    PROFILE_CHANGE = "auth:profile:change"

    CALENDAR_READ = "desk:calendar:read"
    CALENDAR_LOAD = "desk:calendar:load"
    JOB_READ = "server:job:read"
    JOB_RETRY = "server:job:retry"
    TODO_READ = "desk:todo:read"
    OVERDUE_READ = "desk:overdue:read"
