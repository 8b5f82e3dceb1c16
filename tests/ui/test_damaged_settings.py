"""Whatever a settings file holds, the window opens, works, and keeps what is set from then on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from bitmask_studio.app import build_window
from bitmask_studio.core.settings import Setting
from bitmask_studio.studio import preferences
from tests.fakes.screen import FakeAsk
from tests.ui.desk import Desk

KEYS = [each.key for each in vars(preferences).values() if isinstance(each, Setting)]
VALUES: dict[str, Any] = {
    "text": "\ud800<img src=x>\0" + "x" * 5000,
    "a number": 10**300,
    "a negative number": -5,
    "not a number": float("nan"),
    "a bool": True,
    "nothing": None,
    "texts": ["\ud800", "encord:|||", "a|b|c|d", "/" + "x" * 5000, "\0", "<b>", "", "http://[x|y|z"] * 3,
    "a list of anything": [1, None, {}],
    "an object": {"a": 1},
    "rubbish that looks like base64": "AdnQywADAAA" + "A" * 300,
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
async def test_a_window_opens_with_settings_of_any_kind(value: object, qapp: QApplication, runner: object) -> None:
    path = Path(os.environ["BITMASK_STUDIO_STATE"]) / "settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(dict.fromkeys(KEYS, value)))
    desk = Desk(build_window(qapp))
    desk.window.show()
    desk.window.welcome.set_recent(desk.session.recent)
    await desk.settle()
    desk.studio.set(preferences.BRUSH_SIZE, 33)
    await desk.studio.jobs.run(desk.studio.settings.flush)
    assert json.loads(path.read_bytes())["brush_size"] == 33
    desk.window.hide()
    desk.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("entry", ["encord:http://[x|y|z", "encord:|||", "encord:https://\0|a|b", "/nowhere/x"])
async def test_an_entry_of_the_list_that_leads_nowhere_is_told_in_words(entry: str, desk: Desk) -> None:
    desk.studio.ask = FakeAsk()
    desk.studio.jobs.start(desk.session.open_recent(entry))
    await desk.settle()
    assert not [text for text in desk.told if "inside the program" in text]
