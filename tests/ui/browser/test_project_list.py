"""The projects of an account in the dock: found, opened, and every other state told in words."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bitmask_studio.core.errors import StudioError
from bitmask_studio.sources.encord.projects import ProjectInfo
from bitmask_studio.studio import preferences
from tests.fakes.memory_server import DOMAIN, MemoryAccount, MemoryServer, server_row
from tests.ui.desk import Desk

LEAF = ProjectInfo("hash-Leaf", "Leaf cells", "Sections of 2024", last_edited=datetime(2026, 1, 1, tzinfo=UTC))
ROOT = ProjectInfo("hash-Root", "Root <b>tips</b>")
WOOD = ProjectInfo("hash-Wood", "Wood & bark")


@pytest.fixture
def account() -> MemoryAccount:
    servers = [MemoryServer([server_row(0), server_row(1)], title=name) for name in ("Leaf", "Root", "Wood")]
    return MemoryAccount(*servers, infos=(LEAF, ROOT, WOOD))


async def sign_in(desk: Desk, account: MemoryAccount) -> None:
    desk.studio.set_account(account)
    await desk.settle()


def shown(desk: Desk) -> list[str]:
    projects = desk.window.browser.projects.list
    return [projects.item(number).text() for number in range(projects.count())]


def said(desk: Desk) -> str:
    """The words in place of the list, if there are any."""
    words = desk.window.browser.projects.words
    return words.text() if words.isVisible() else ""


async def test_who_signs_in_sees_the_projects(desk: Desk, account: MemoryAccount) -> None:
    assert not desk.window.browser.projects.isVisible()
    await sign_in(desk, account)
    assert desk.window.browser.projects.isVisible() and account.asked == 1
    assert shown(desk) == [LEAF.title, ROOT.title, WOOD.title] and said(desk) == ""
    assert not desk.window.browser.projects.back.isVisible()
    assert desk.pixels(desk.window.browser).std() > 0


async def test_projects_opened_last_on_this_server_come_first(desk: Desk, account: MemoryAccount) -> None:
    entries = [f"{DOMAIN}|{WOOD.project_hash}|Wood", f"http://else|{ROOT.project_hash}|x", "nonsense"]
    desk.studio.set(preferences.RECENT_PROJECTS, entries)
    await sign_in(desk, account)
    assert shown(desk) == [WOOD.title, LEAF.title, ROOT.title]


async def test_words_typed_are_looked_for_in_title_description_and_hash(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    search = desk.window.browser.projects.search
    for typed, found in (("TIPS", [ROOT.title]), ("2024 leaf", [LEAF.title]), ("hash-wood", [WOOD.title])):
        search.setText(typed)
        assert shown(desk) == found
    search.setText("nowhere")
    assert said(desk) == "No project is called that." and not desk.window.browser.projects.again.isVisible()
    search.clear()
    assert len(shown(desk)) == 3 and said(desk) == ""


async def test_return_in_the_search_opens_the_first_project_found(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    search = desk.window.browser.projects.search
    QTest.keyClicks(search, "wood")
    QTest.keyClick(search, Qt.Key.Key_Return)
    await desk.settle()
    assert desk.studio.workspace.title == "Wood"
    assert desk.window.browser.rows.isVisible() and desk.window.browser.list.hasFocus()


async def test_down_goes_into_the_list_and_return_opens(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    desk.window.browser.projects.search.setFocus()
    await desk.keys("Down", "Down", "Return")
    assert desk.studio.workspace.title == "Root"


@pytest.mark.parametrize("twice", [False, True])
async def test_a_click_opens_and_two_open_it_once(desk: Desk, account: MemoryAccount, twice: bool) -> None:
    await sign_in(desk, account)
    projects = desk.window.browser.projects.list
    at = projects.visualItemRect(projects.item(0)).center()
    QTest.mouseClick(projects.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if twice:
        QTest.mouseDClick(projects.viewport(), Qt.MouseButton.LeftButton, pos=at)
    await desk.settle()
    assert desk.studio.workspace.title == "Leaf"


async def test_the_projects_title_leads_to_the_others_and_esc_back(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    await desk.session.projects.open(LEAF.project_hash)
    browser = desk.window.browser
    browser.rows.project.click()
    await desk.settle()
    assert browser.projects.isVisible() and browser.projects.back.isVisible() and account.asked == 2
    assert desk.studio.workspace.title == "Leaf"
    browser.projects.search.setText("x")
    await desk.keys("Escape")
    assert browser.projects.isVisible() and browser.projects.search.text() == ""
    await desk.keys("Escape")
    assert browser.rows.isVisible()
    browser.rows.project.click()
    browser.projects.back.click()
    assert browser.rows.isVisible()


async def test_choosing_the_open_project_again_leads_back_to_its_rows(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    await desk.session.projects.open(LEAF.project_hash)
    desk.window.browser.choose_project()
    await desk.settle()
    await desk.keys("Return")
    assert desk.window.browser.rows.isVisible() and desk.studio.workspace.title == "Leaf"


async def test_while_the_list_is_read_it_says_so_and_a_late_answer_of_another_account_is_dropped(
    desk: Desk, account: MemoryAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(account, "projects", lambda: gate.wait(10) and (LEAF,))
    desk.studio.set_account(account)
    await desk.until(lambda: said(desk))
    assert said(desk) == "Reading the projects …"
    await desk.until(desk.window.browser.projects.isVisible)
    desk.studio.set_account(MemoryAccount(infos=(WOOD,)))
    await desk.until(lambda: shown(desk) == [WOOD.title])
    gate.set()
    await desk.settle()
    assert shown(desk) == [WOOD.title]


async def test_a_failure_is_told_in_its_place_and_can_be_tried_again(desk: Desk, account: MemoryAccount) -> None:
    account.failure = StudioError("The server is not there.")
    await sign_in(desk, account)
    projects = desk.window.browser.projects
    assert said(desk) == "The server is not there." and projects.again.isVisible() and desk.told == []
    account.failure = None
    projects.again.click()
    await desk.settle()
    assert len(shown(desk)) == 3 and said(desk) == ""


async def test_an_account_without_projects_says_what_to_do(desk: Desk) -> None:
    await sign_in(desk, MemoryAccount())
    assert "opens no project" in said(desk) and desk.window.browser.projects.again.isVisible()


async def test_a_project_that_cannot_be_opened_leaves_the_list_and_says_why(
    desk: Desk, account: MemoryAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(project_hash: str) -> MemoryServer:
        raise StudioError("You may not open it.")

    monkeypatch.setattr(account, "project", refuse)
    await sign_in(desk, account)
    desk.window.browser.projects.search.setFocus()
    await desk.keys("Return")
    assert desk.told == ["You may not open it."]
    assert desk.window.browser.projects.isVisible() and len(shown(desk)) == 3


async def test_titles_are_shown_letter_by_letter(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    item = desk.window.browser.projects.list.item(1)
    assert "&lt;b&gt;tips" in item.toolTip()
    assert ROOT.title in item.data(Qt.ItemDataRole.AccessibleTextRole)


async def test_signing_out_takes_the_projects_away(desk: Desk, account: MemoryAccount) -> None:
    await sign_in(desk, account)
    desk.studio.set_account(None)
    await desk.settle()
    assert not desk.window.browser.projects.isVisible()
