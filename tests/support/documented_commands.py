"""What is wrong with a command that a document gives: `problem_of(line)` tries it as far as that changes nothing."""

import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from django.core.management import CommandError, get_commands, load_command_class

from .documents import ROOT

PYTHON = ("python", ".venv/bin/python")
STARTS = ("make ", ".ci/run", *(f"{python} -" for python in PYTHON), *(f"{python} manage.py " for python in PYTHON))


def problem_of(line):
    """Why a line could not be typed as it is; "" where it could."""
    program, *arguments = shlex.split(line)
    if program == "make":
        return _run(["make", "--dry-run", *arguments])
    if program == ".ci/run":
        is_program = os.access(ROOT / program, os.X_OK)
        return _run(["bash", "-n", program, *arguments]) if is_program else f"{program} is not a program"
    if program in PYTHON:
        return _problem_of_python(*arguments)
    return f"{line}: no test knows how to try this"


def command_of(name):
    """The command of manage.py with this name."""
    app = get_commands()[name]
    return load_command_class(app, name) if isinstance(app, str) else app


def problem_of_management(name, *arguments):
    if name not in get_commands():
        return f"manage.py has no command {name}"
    command = command_of(name)
    try:
        command.create_parser("manage.py", name).parse_args(arguments)
    except CommandError as problem:
        return f"manage.py {name}: {problem}"
    return ""


def _problem_of_python(first, *arguments):
    if first == "manage.py":
        return problem_of_management(*arguments)
    if first == "-c":
        return _run([sys.executable, first, *arguments])
    if first != "-m":
        return f"python {first}: no test knows how to try this"
    module, *arguments = arguments
    if module == "pytest":
        return _problem_of_pytest(arguments)
    return _problem_of_module(module, arguments)


def _problem_of_pytest(arguments):
    """A file to test has to be there, and what -k asks for in the name of one of its tests."""
    paths = [ROOT / argument for argument in arguments if argument.endswith(".py")]
    words = arguments[arguments.index("-k") + 1 :][:1] if "-k" in arguments else []
    if unknown := [
        argument for argument in arguments if ROOT / argument not in paths and argument not in ("-k", *words)
    ]:
        return f"pytest {unknown[0]}: no test knows how to try this"
    if missing := [path for path in paths if not path.is_file()]:
        return f"there is no {missing[0]}"
    tests = re.findall(r"^def (test_\w+)", "".join(path.read_text(encoding="utf-8") for path in paths), re.MULTILINE)
    return "" if all(any(word in name for name in tests) for word in words) else f"-k {words[0]} finds no test"


def _problem_of_module(module, options):
    """A module's options are those that it, or what its folder shares, gives by name."""
    found = find_spec(f"{module}.__main__" if (ROOT / module.replace(".", "/")).is_dir() else module)
    if found is None:
        return f"there is no {module}"
    path = Path(found.origin)
    source = path.read_text(encoding="utf-8")
    if "__main__" not in source:
        return f"{module} does nothing when it is run"
    shared = path.with_name("run.py")
    source += shared.read_text(encoding="utf-8") if shared.exists() else ""
    unknown = [option for option in options if f'"{option}"' not in source]
    return f"{module} knows nothing of {unknown[0]}" if unknown else ""


def _run(command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{shlex.join(command)}: {done.stdout[-500:]}{done.stderr[-500:]}"
