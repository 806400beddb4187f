"""The call of an operation as a line for the shell, ready to be pasted."""

from urllib.parse import quote, urlencode

from server.reference.reading import OperationShown

_BREAK = " \\\n     "


def as_curl(shown: OperationShown, origin: str) -> str:
    """The example of the operation by curl.

    Secrets stay variables: $CSRF_TOKEN, and the token in a file.
    """
    parts = ["curl -sf"]
    if shown.line.method != "GET":
        parts[0] += f" -X {shown.line.method}" if shown.line.method != "POST" else ""
    parts += _credentials(shown)
    for parameter in shown.parameters:
        if parameter.where == "header" and parameter.field.is_required:
            key = (
                "$(uuidgen)"
                if parameter.name == "Idempotency-Key"
                else parameter.example.replace('"', '\\"')
            )
            parts.append(f'-H "{parameter.name}: {key}"')
    if shown.body_media == "application/json":
        parts += ["-H 'Content-Type: application/json'", f"-d {_quoted(shown.sample)}"]
    elif shown.body_media:
        parts.append("-F file=@schools.csv")
    if any(answer.media and answer.media != "application/json" for answer in shown.answers):
        parts.append("-OJ" if shown.line.method == "POST" else "-o data.arrows")
    return _BREAK.join([*parts, _quoted(_address(shown, origin))])


def _credentials(shown: OperationShown) -> list[str]:
    if not shown.ways:
        return ["-c cookies"]
    if "bearer" in shown.ways:
        return ["-H @header"]
    return (
        ["-b cookies", '-H "X-CSRF-Token: $CSRF_TOKEN"'] if "csrf" in shown.ways else ["-b cookies"]
    )


def _address(shown: OperationShown, origin: str) -> str:
    path = shown.line.path
    for parameter in shown.parameters:
        if parameter.where == "path":
            path = path.replace("{" + parameter.name + "}", quote(parameter.example, safe=""))
    needed = [
        (each.name, each.example)
        for each in shown.parameters
        if each.where == "query" and each.name == "q"
    ]
    return (shown.origin or origin) + path + (f"?{urlencode(needed)}" if needed else "")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
