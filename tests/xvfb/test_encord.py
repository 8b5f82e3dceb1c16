"""Projects on a server, with a real pointer and real keys, from the dialog to what another client reads back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.xvfb.conftest import HEIGHT, WIDTH, Start, block
from tests.xvfb.desk import Desk
from tests.xvfb.drawing import stroke
from tests.xvfb.server import Server
from tests.xvfb.words import wait_for_words

PATH = (30, 90), (93, 127), (80, 171), (5, 150)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    first = {"objA": block(10, 10, 60, 60), "objB": block(120, 20, 170, 70)}
    found = Server.start(tmp_path, {"first": first, "second": {"objC": block(20, 20, 50, 50)}}, (WIDTH, HEIGHT))
    yield found
    found.sandbox.stop()


def test_a_stroke_arrives_on_the_server_pixel_by_pixel_in_one_write(start: Start, server: Server) -> None:
    before = server.mask("first.png", "objA")
    desk = Desk.lay(start(*server.arguments, "--row", "first.png"), "first.png")
    desk.draw(*PATH)
    assert not server.writes
    desk.save()
    wait_for_words(desk.screen, "Saved")
    assert np.array_equal(server.mask("first.png", "objA"), before | stroke(WIDTH, HEIGHT, *PATH))
    assert len(server.writes) == 1
