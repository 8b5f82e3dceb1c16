"""The set-up: which Python, which packages, when the environment counts as whole, and what is started in the end."""

import ast
import io
import os
import shutil
import subprocess
import sys
import venv
from importlib.util import cache_from_source
from pathlib import Path

import bootstrap
import environment
import libraries
import pytest
import steps

FOLDER = Path(bootstrap.__file__).parent
MODULES = ["bootstrap.py", "environment.py", "libraries.py", "steps.py"]


def make_environment(root: Path) -> tuple[Path, list[Path]]:
    """Make a checkout whose environment is whole, with a lock file that asks for nothing."""
    (root / "packaging").mkdir(parents=True)
    for name in MODULES:
        (root / "packaging" / name).write_bytes((FOLDER / name).read_bytes())
    lock = root / "packaging" / "requirements.lock"
    lock.write_text("# nothing\n")
    venv.create(root / ".venv", symlinks=True, with_pip=False)
    environment.link_project(root / ".venv", root)
    environment.write_stamp(root / ".venv", [lock])
    return root / ".venv", [lock]


@pytest.mark.parametrize("name", MODULES)
def test_the_set_up_parses_on_a_python_that_is_too_old_to_run_the_program(name: str) -> None:
    ast.parse((FOLDER / name).read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_the_python_that_runs_the_set_up_is_taken_when_it_will_do(minor: int) -> None:
    assert bootstrap.choose_python("/own", (3, minor), which=lambda _: "/other") == "/own"


def test_the_newest_python_on_the_path_that_will_do_stands_in_for_one_that_will_not() -> None:
    versions = {"/python3.13": (0, 0), "/python3.12": (3, 12), "/python3.11": (3, 11), "/python3": (3, 14)}
    chosen = bootstrap.choose_python("/own", (3, 14), which=lambda name: f"/{name}", version_of=versions.__getitem__)
    assert chosen == "/python3.12"


def test_without_a_python_that_will_do_the_message_says_which_one_is_needed() -> None:
    with pytest.raises(steps.SetupError, match=r"^Python 3\.11, 3\.12 or 3\.13 is needed, and this is Python 3\.9\."):
        bootstrap.choose_python("/own", (3, 9), which=lambda _: None)


def test_an_interpreter_that_does_not_start_has_no_version() -> None:
    assert bootstrap.python_version("/no/such/python") == (0, 0)
    assert bootstrap.python_version(sys.executable) == sys.version_info[:2]


@pytest.mark.parametrize(
    ("environ", "screen"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, True),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, False),
    ],
)
def test_the_libraries_of_a_screen_are_needed_only_with_a_screen(environ: dict[str, str], screen: bool) -> None:
    needed = libraries.needed_libraries(environ, "linux")
    assert "libEGL.so.1" in needed
    assert ("libxcb-cursor.so.0" in needed) is screen


def test_other_systems_bring_their_own_libraries() -> None:
    assert libraries.needed_libraries({"DISPLAY": ":0"}, "darwin") == {}


def test_the_packages_of_exactly_the_libraries_that_do_not_load_are_missing() -> None:
    lacking = {"libEGL.so.1", "libbrotlidec.so.1"}
    found = libraries.missing_packages(libraries.QT_LIBRARIES, can_load=lambda library: library not in lacking)
    assert found == ["libegl1", "libbrotli1"]


def test_a_library_that_is_not_there_does_not_load() -> None:
    assert not libraries.loads("libthere-is-no-such-thing.so.1")


def test_every_missing_package_is_named_in_one_line_with_the_command_that_installs_them() -> None:
    line = libraries.missing_line(["libegl1", "libgl1"])
    assert "\n" not in line
    assert "sudo apt-get install libegl1 libgl1" in line


def be_a_user(monkeypatch: pytest.MonkeyPatch, terminal: bool, answer: bool) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(libraries, "at_terminal", lambda: terminal)
    monkeypatch.setattr(libraries, "confirmed", lambda _: answer)


def test_at_a_terminal_a_yes_lets_sudo_install(monkeypatch: pytest.MonkeyPatch) -> None:
    be_a_user(monkeypatch, terminal=True, answer=True)
    assert libraries.privilege(["libegl1"]) == ["sudo"]


@pytest.mark.parametrize("terminal", [True, False])
def test_without_a_yes_at_a_terminal_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    be_a_user(monkeypatch, terminal, answer=not terminal)
    with pytest.raises(steps.SetupError, match="libegl1 libgl1"):
        libraries.privilege(["libegl1", "libgl1"])


@pytest.mark.parametrize(
    ("typed", "meant"), [("\n", True), ("Y\n", True), ("yes\n", True), ("n\n", False), ("", False)]
)
def test_only_a_yes_is_a_yes(monkeypatch: pytest.MonkeyPatch, typed: str, meant: bool) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert steps.confirmed("Really?") is meant


def test_an_environment_is_ready_when_its_stamp_names_every_lock_file(tmp_path: Path) -> None:
    folder, locks = make_environment(tmp_path)
    assert environment.is_ready(folder, locks)
    more = tmp_path / "requirements-dev.lock"
    more.write_text("# more\n")
    assert not environment.is_ready(folder, [*locks, more])
    assert environment.is_usable(folder)


def test_a_changed_lock_file_makes_the_environment_unready_but_keeps_it_usable(tmp_path: Path) -> None:
    folder, locks = make_environment(tmp_path)
    locks[0].write_text("# something else\n")
    assert not environment.is_ready(folder, locks)
    assert environment.is_usable(folder)


def test_an_environment_without_a_stamp_was_stopped_half_way_and_is_not_usable(tmp_path: Path) -> None:
    folder, _ = make_environment(tmp_path)
    (folder / environment.STAMP).unlink()
    assert not environment.is_usable(folder)


def test_an_environment_whose_python_is_gone_is_not_usable(tmp_path: Path) -> None:
    folder, locks = make_environment(tmp_path)
    environment.interpreter(folder).unlink()
    assert not environment.is_ready(folder, locks)
    assert not environment.is_usable(folder)


def test_packages_are_installed_by_their_hashes_alone(tmp_path: Path) -> None:
    command = environment.pip_command(tmp_path, [Path("a.lock"), Path("b.lock")])
    assert {"--require-hashes", "--no-deps"} <= set(command)
    assert command[-4:] == ["-r", "a.lock", "-r", "b.lock"]


def test_the_program_without_arguments_opens_the_sample_project() -> None:
    assert bootstrap.program("run", []) == ["-P", "-m", "bitmask_studio", "--sample"]
    assert bootstrap.program("run", ["x.json"]) == ["-P", "-m", "bitmask_studio", "x.json"]


def test_arguments_of_test_and_bench_are_handed_on() -> None:
    assert bootstrap.program("test", ["-k", "rle"]) == ["-m", "pytest", "-k", "rle"]
    assert bootstrap.program("bench", ["P1"]) == ["-m", "tests.benchmarks", "P1"]


def test_the_last_error_of_a_tool_is_the_line_that_is_told() -> None:
    assert steps.telling_line("Reading\nE: no a\nE: no b\n\nhint\n") == "E: no b"
    assert steps.telling_line("first\nlast\n\n") == "last"
    assert steps.telling_line("") == "it gave no reason"


def test_a_failing_step_is_told_in_one_line() -> None:
    with pytest.raises(steps.SetupError, match=r"^it broke: ERROR: two$"):
        steps.do([sys.executable, "-c", "print('ERROR: one\\nERROR: two\\nhint'); exit(1)"], "it broke")


def test_a_second_set_up_waits_for_the_first_and_for_what_the_first_had_started(tmp_path: Path) -> None:
    code = (
        "import environment, pathlib, subprocess, sys, os, signal\n"
        "with environment.alone(pathlib.Path('.')):\n"
        '    child = \'import sys, time; sys.stdin.read(); open("child-done", "w").close()\'\n'
        "    subprocess.Popen([sys.executable, '-c', child], close_fds=False)\n"
        "    print('held', flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(FOLDER)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == b"held\n"
        first.wait()
        code = "import environment, os\nwith environment.alone(__import__('pathlib').Path('.')):\n"
        code += "    print(os.path.exists('child-done'))"
        second = [sys.executable, "-c", code]
        with subprocess.Popen(second, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as waiting:
            assert waiting.stderr is not None
            assert b"waiting" in waiting.stderr.readline()
            first.stdin.close()
            assert waiting.stdout is not None
            assert waiting.stdout.read() == b"True\n"


def test_run_becomes_the_program_with_its_process_id_status_folder_and_arguments(tmp_path: Path) -> None:
    root = tmp_path / "moved here"
    make_environment(tmp_path / "made there")
    (tmp_path / "made there").rename(root)
    (root / "bitmask_studio").mkdir()
    (root / "bitmask_studio" / "__main__.py").write_text(
        "import os, sys\nprint(os.getpid(), os.getcwd(), sys.argv[1:], 'QT_QPA_PLATFORM' in os.environ)\nsys.exit(7)\n"
    )
    here = tmp_path / "pictures"
    here.mkdir()
    (here / "sys.py").write_text("raise SystemExit('a file of the user was imported')")
    env = {name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "DISPLAY")}
    command = [sys.executable, str(root / "packaging" / "bootstrap.py"), "run", "a.json", "--frame", "3"]
    with subprocess.Popen(command, cwd=here, env=env, stdout=subprocess.PIPE, text=True) as started:
        output, _ = started.communicate(timeout=60)
    assert output == f"{started.pid} {here} ['a.json', '--frame', '3'] False\n"
    assert started.returncode == 7


@pytest.mark.parametrize("same", [True, False], ids=["this python", "another python"])
def test_byte_code_is_written_where_the_environment_forbids_python_to_and_anew_when_a_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    folder, _ = make_environment(tmp_path)
    if not same:
        monkeypatch.setattr(bootstrap, "python_tag", lambda folder: "3.99")
    source = tmp_path / "bitmask_studio" / "core.py"
    source.parent.mkdir()
    compiled = Path(cache_from_source(str(source)))
    source.write_text("one = 1\n")
    bootstrap.compile_sources(environment.interpreter(folder), tmp_path)
    first = compiled.read_bytes()
    bootstrap.compile_sources(environment.interpreter(folder), tmp_path)
    assert compiled.read_bytes() == first
    source.write_text("eleven = 11\n")
    os.utime(source, (1, 1))  # byte code tells times apart by whole seconds
    bootstrap.compile_sources(environment.interpreter(folder), tmp_path)
    assert compiled.read_bytes() != first


def test_the_version_of_an_environment_is_read_without_starting_it(tmp_path: Path) -> None:
    folder, _ = make_environment(tmp_path)
    assert bootstrap.python_tag(folder) == "{}.{}".format(*sys.version_info[:2])
    assert bootstrap.python_tag(tmp_path / "nowhere") == ""


@pytest.mark.parametrize(("argv", "status"), [([], 2), (["walk"], 2), (["--help"], 0)])
def test_a_word_that_is_no_command_is_answered_with_the_usage(argv: list[str], status: int) -> None:
    assert bootstrap.main(argv) == status


def test_the_lock_files_name_no_registry_and_agree() -> None:
    run = (FOLDER / "requirements.lock").read_text()
    dev = (FOLDER / "requirements-dev.lock").read_text()
    assert "://" not in run + dev
    assert set(run.splitlines()) <= set(dev.splitlines())
    assert "pyside6-essentials==6.11.3 \\" in run
