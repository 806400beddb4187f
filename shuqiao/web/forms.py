"""Forms: what the browser sent, turned into the API's own models, and back to the page with the
typed values kept.

An endpoint parses and acts; what is wrong with the form is raised, and the route shows the form
again (:mod:`shuqiao.web.page_router`)::

    @router.form("/requests/new", again=new_page)
    def create(found: NewRequest, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
        made = service.create(session, found.subject, form.parse(RequestCreate))
        return once.go_to(f"/requests/{made.request_no}")

Field names are the model's, nested with dots (``items.0.name``); check boxes repeat their name.
"""

import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from shuqiao.context import Locale
from shuqiao.errors import BadRequest, FieldError, PreconditionRequired, ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.uploads import Upload
from shuqiao.web.bodies import SentForm, close_form, sent_form
from shuqiao.web.field_kinds import MANY, bare, kind_of
from shuqiao.web.parts import FILE_FIELD
from shuqiao.web.typed_days import iso_day
from shuqiao.web.validation import field_errors

Model = TypeVar("Model", bound=BaseModel)

#: Set by the page and its buttons, never a field of a model.
_PAGE_FIELDS: Final = frozenset({"csrf_token", "once_key", "version", "intent"})


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of the error summary: the field's name ("" for the form
    as a whole), its element id, the words.
    """

    name: str
    anchor: str
    text: Message


@dataclass(frozen=True, slots=True)
class Form:
    """The texts and files of a form, with the errors found so far."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, Upload] = field(default_factory=lambda: MappingProxyType({}))
    errors: tuple[FormError, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any] | None = None) -> "Form":
        """A form to show for the first time, filled with ``values``
        (texts, numbers, dates or lists of them).
        """
        filled: dict[str, tuple[str, ...]] = {}
        for name, value in (values or {}).items():
            if value is None:
                continue
            many = value if isinstance(value, list | tuple | set | frozenset) else (value,)
            filled[name] = tuple(str(part) for part in many)
        return cls(MappingProxyType(filled))

    def text(self, name: str, default: str = "") -> str:
        """The last value typed for ``name``."""
        return self.values[name][-1] if self.values.get(name) else default

    @property
    def key(self) -> str:
        """What tells this form from others: the same for everything sent from one loading of it."""
        return self.text("once_key")

    @property
    def typed(self) -> Mapping[str, tuple[str, ...]]:
        """What was typed and chosen, without what the page itself put into the form."""
        return {name: texts for name, texts in self.values.items() if name not in _PAGE_FIELDS}

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    @property
    def version(self) -> int:
        """The version the page was made from, in the hidden field
        ``version``: what ``If-Match`` says for programs.

        Raises ``PreconditionRequired`` (428) without, ``BadRequest`` (400) for what is no version.
        """
        sent = self.text("version")
        if not sent:
            raise PreconditionRequired
        if not (sent.isascii() and sent.isdigit() and len(sent) <= 10):
            raise BadRequest(_("The form names no version; load the page again."))
        return int(sent)

    def error(self, name: str) -> Message | None:
        """The first error of the field ``name``, for the words at the field."""
        return next((error.text for error in self.errors if error.name == name), None)

    def parse(self, model: type[Model]) -> Model:
        """The form as ``model``; blank fields count as not given. Days are taken as people write
        them, and shown again as the house writes them. Raises :class:`FormInvalid`.
        """
        form = self._with_days(model)
        try:
            return model.model_validate(_shaped(model, _tree(form.typed)), strict=False)
        except ValidationError as error:
            found = field_errors(error.errors(include_url=False, include_input=False))
            raise FormInvalid(form.with_errors(found)) from None

    def _with_days(self, model: type[BaseModel]) -> "Form":
        days = {
            name: tuple(iso_day(text) for text in texts)
            for name, texts in self.typed.items()
            if kind_of(model, name.split(".")) is date
        }
        return replace(self, values=MappingProxyType({**self.values, **days})) if days else self

    def with_errors(self, found: Iterable[FieldError]) -> "Form":
        """The same form carrying ``found``, such as the ``errors`` of
        an :class:`~shuqiao.errors.Invalid`.
        """
        lines = tuple(_line(error) for error in found)
        return replace(self, errors=self.errors + lines)

    def without(self, name: str) -> "Form":
        """The same form as if nothing had been typed for ``name``."""
        return replace(
            self,
            values=MappingProxyType(
                {key: texts for key, texts in self.values.items() if key != name}
            ),
        )

    def gathered(self, name: str) -> "Form":
        """The same form with errors inside the list ``name``
        (``items.3``) shown at the list as a whole.
        """
        inner = name + "."
        lines = [
            replace(error, name=name, anchor=anchor(name))
            if error.name.startswith(inner)
            else error
            for error in self.errors
        ]
        return replace(
            self,
            errors=tuple(line for place, line in enumerate(lines) if line not in lines[:place]),
        )

    def flawed(self, name: str, words: Message) -> "Form":
        """The same form with one more error at the field ``name`` ("": of the whole form)."""
        place = anchor(name) if name else "main"
        return replace(self, errors=(*self.errors, FormError(name, place, words)))

    def refused(self, error: ShuqiaoError) -> "Form":
        """The same form carrying what a service refused: its field
        errors, else its words for the whole form.
        """
        if error.errors:
            return self.with_errors(error.errors)
        return self.flawed("", error.detail or error.title)


class FormInvalid(Exception):
    """The typed values do not make the model; ``form`` is what to show again. ``status``: of the
    answer, where a service refused for another reason and the words stand at a field already.
    """

    def __init__(self, form: Form, status: int = 422) -> None:
        super().__init__("the form has errors")
        self.form, self.status = form, status


def anchor(name: str) -> str:
    """The id of the element of the field ``name``; the macros use it too."""
    return "f-" + name.replace(".", "-")


async def read_form(request: Request) -> AsyncIterator[Form]:
    """The form sent with ``request``; its file is there until the answer is out.

    Raises ``UnsupportedMedia`` (415) and ``BadRequest`` (400).
    """
    try:
        yield _sorted_out(await sent_form(request))
    finally:
        await close_form(request)


def _sorted_out(sent: SentForm) -> Form:
    values: dict[str, list[str]] = {}
    for name, value in sent.texts:
        if "\ufffd" in name or "\ufffd" in value:
            raise BadRequest(_("The form is not UTF-8; send UTF-8."))
        values.setdefault(name, []).append(value)
    frozen = {name: tuple(texts) for name, texts in values.items()}
    files = {} if sent.file is None else {FILE_FIELD: sent.file}
    return Form(MappingProxyType(frozen), MappingProxyType(files))


FormDep = Annotated[Form, Depends(read_form)]


class _Clause(Message):
    """A text without its full stop, to be followed by one."""

    def render(self, language: Locale) -> str:
        return super().render(language).rstrip("。. ")


def _line(error: FieldError) -> FormError:
    name = error.pointer.lstrip("/").replace("/", ".").replace("~1", "/").replace("~0", "~")
    words = _(
        "%(detail)s. %(fix)s", detail=_Clause("%(text)s", {"text": error.detail}), fix=error.fix
    )
    return FormError(name, anchor(name) if name else "main", words)


def _tree(values: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Dotted names as nested mappings; the leaves are the tuples of texts."""
    tree: dict[str, Any] = {}
    for name, texts in values.items():
        *folders, last = name.split(".")
        node = tree
        for folder in folders:
            node = node.setdefault(folder, {})
            if not isinstance(node, dict):
                raise BadRequest(_("The form's field names contradict each other."))
        if isinstance(node.get(last), dict):
            raise BadRequest(_("The form's field names contradict each other."))
        node[last] = texts
    return tree


def _shaped(model: type[BaseModel], tree: Mapping[str, Any]) -> dict[str, Any]:
    """The tree as the model expects it; names it does not know stay, for the model to refuse."""
    shaped: dict[str, Any] = {}
    for name, node in tree.items():
        known = model.model_fields.get(name)
        value = _value(known.annotation if known else str, node)
        if value is not None:
            shaped[name] = value
    return shaped


def _value(annotation: Any, node: Any) -> Any:
    kind = bare(annotation)
    if get_origin(kind) in MANY or kind in MANY:
        inner = (get_args(kind) or (str,))[0]
        if isinstance(node, Mapping):
            return [_value(inner, node[index]) for index in sorted(node, key=_position)]
        return [text for text in (_text(inner, part) for part in node) if text is not None]
    if isinstance(node, Mapping):
        return (
            _shaped(kind, node)
            if isinstance(kind, type) and issubclass(kind, BaseModel)
            else dict(node)
        )
    return _text(kind, node[-1])


def _position(index: str) -> int:
    if not (index.isascii() and index.isdigit() and len(index) < 6):
        raise BadRequest(_("The form's field names contradict each other."))
    return int(index)


def _text(annotation: Any, text: str) -> str | None:
    """One typed text, None when blank.

    Numbers, dates and choices are folded (full-width digits, stray blanks).
    """
    if not text.strip():
        return None
    return text if bare(annotation) is str else unicodedata.normalize("NFKC", text).strip()
