"""Where attached data comes from, and how far its reading has come."""

from shuqiao.i18n import _
from shuqiao.words import Word


class DataSource(Word):
    """Where attached data comes from."""

    FILE = "file", _("Uploaded file")
    POSTGRESQL = "postgresql", _("PostgreSQL database")


class AttachmentStatus(Word):
    """previewed → confirmed → stored | refused; a refused file may be
    confirmed again with other types.
    """

    PREVIEWED = "previewed", _("Previewed, types to be confirmed")
    CONFIRMED = "confirmed", _("Being stored")
    STORED = "stored", _("Stored as a snapshot")
    REFUSED = "refused", _("File refused")
