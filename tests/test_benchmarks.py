"""The benchmark suite itself: what it prints, keeps and answers; nothing is timed here."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks.base import Against, CannotMeasureError, Result, failed, unmeasured, worst
from tests.benchmarks.screen import NO_SCREEN, missing_screen, screen

MET = Result("P7", "dab", 1.9, 2, at_least=False, note="0.5 ms against 0.26 ms", runs=(1.8, 1.9, 2.1))
MISSED = Result("P1", "decode", 480, 500, at_least=True)
PEER = Result("P5", "napari: first window", 12.7, None, at_least=False)

Measure = Callable[[], Iterable[Result]]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[Measure], None]:
    """Let one module, P7's, be all there is to measure, and answer what is given."""

    def put(measure: Measure) -> None:
        module = ModuleType("p07_made_up", "P7: a dab of the brush.")
        module.__dict__["run"] = measure
        monkeypatch.setattr(bench, "modules", lambda: {"P7": ["p07_made_up"]})
        monkeypatch.setitem(sys.modules, "tests.benchmarks.p07_made_up", module)

    return put


def test_a_line_of_the_table_tells_target_figure_and_verdict() -> None:
    assert " ".join(bench.line(MET).split()) == "P7 dab <= 2 x 1.9 x met 0.5 ms against 0.26 ms"
    assert " ".join(bench.line(MISSED).split()) == "P1 decode >= 500 x 480 x MISSED"


def test_the_columns_of_all_lines_stand_under_the_header() -> None:
    for each in (MET, MISSED, PEER):
        assert bench.line(each).index(each.verdict) == bench.HEADER.index("verdict")
        assert len(bench.line(each)) <= 140


def test_a_figure_just_past_its_limit_is_not_printed_as_the_limit() -> None:
    assert "1.152" in bench.line(Result("P8", "dab", 1.152, 1.15, at_least=False))


def test_what_is_not_measured_is_neither_met_nor_missed() -> None:
    result = unmeasured("P7", "dab", NO_SCREEN)
    assert (result.verdict, result.met) == ("not measured", False)
    assert bench.line(result).endswith(NO_SCREEN)


def test_the_summary_counts_verdicts() -> None:
    assert bench.summary([MET, MET, MISSED, PEER, unmeasured("P9", "pan", "")]) == "2 met, 1 MISSED, 1 not measured"


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([MET, unmeasured("P9", "pan", NO_SCREEN)], 0),
        ([MET, PEER], 0),
        ([MET, MISSED], 1),
        ([MET, failed("P9", "pan", ValueError("no"))], 1),
        ([unmeasured("P9", "pan", NO_SCREEN)], 1),
        ([], 1),
    ],
)
def test_the_exit_status_is_0_only_where_all_that_was_measured_is_met(results: list[Result], status: int) -> None:
    assert bench.status(results) == status


def test_the_results_are_kept_as_json(
    only: Callable[[Measure], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only(lambda: [MET, MISSED])
    path = tmp_path / "kept.json"
    assert bench.main(["p7", "--json", str(path)]) == 1
    kept = json.loads(path.read_text("utf-8"))
    assert [(each["id"], each["measured"], each["limit"], each["verdict"]) for each in kept] == [
        ("P7", 1.9, 2, "met"),
        ("P1", 480, 500, "MISSED"),
    ]
    assert kept[0]["runs"] == [1.8, 1.9, 2.1]
    assert capsys.readouterr().out.splitlines() == [
        bench.HEADER,
        bench.line(MET),
        bench.line(MISSED),
        "1 met, 1 MISSED",
    ]


def test_an_unknown_target_is_a_wrong_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["P99"])
    assert ended.value.code == 2
    assert "nothing measures P99" in capsys.readouterr().err


def test_a_target_that_cannot_be_measured_here_is_a_line_with_the_reason(
    only: Callable[[Measure], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def measure() -> list[Result]:
        raise CannotMeasureError("needs a lake")

    only(measure)
    assert bench.main([]) == 1
    line = capsys.readouterr().out.splitlines()[1]
    assert " ".join(line.split()) == "P7 a dab of the brush. not measured needs a lake"


def test_a_measurement_that_fails_is_a_line_and_keeps_what_it_had_measured(
    only: Callable[[Measure], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def measure() -> Iterator[Result]:
        yield MET
        raise ZeroDivisionError("no dab at all")

    only(measure)
    assert bench.main([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == bench.line(MET)
    assert lines[2].endswith("ZeroDivisionError: no dab at all")
    assert "FAILED" in lines[2]


def test_without_xvfb_and_screen_there_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert missing_screen() == NO_SCREEN
    with pytest.raises(CannotMeasureError, match="Xvfb"), screen():
        pass


def test_without_xvfb_the_screen_there_is_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("DISPLAY", ":7")
    with screen() as environment:
        assert (environment["DISPLAY"], environment["QT_QPA_PLATFORM"]) == (":7", "xcb")


def test_ratios_are_taken_run_by_run_and_their_median_counts() -> None:
    against = Against(subject=[[2.0] * 10, [9.0] * 10, [6.0] * 10], floor=[[1.0] * 10, [3.0] * 10, [3.0] * 10])
    result = against.result("P7", "dab", 0.5, 2)
    assert (result.runs, result.measured, result.met) == ((2.0, 3.0, 2.0), 2.0, True)


def test_p99_sees_the_slowest_of_a_hundred_and_p50_the_one_in_the_middle() -> None:
    subject = [*(1.0 for _ in range(98)), 50.0, 60.0]
    against = Against([subject], [[1.0] * 100])
    assert against.result("P7", "dab", 0.5, 2).measured == 1
    assert against.result("P7", "dab", 0.99, 2).measured == 50


def test_the_longest_block_is_the_median_of_the_longest_of_each_run() -> None:
    result = worst("P14", "block", [[0.01, 0.02], [0.07, 0.01], [0.03, 0.04]], 50)
    assert result.measured == pytest.approx(40)
    assert "70" in result.note


def test_every_target_that_has_a_module_is_known_by_its_number() -> None:
    assert {"P1", "P7", "P8", "P9", "P14", "P16"} <= set(bench.modules())
