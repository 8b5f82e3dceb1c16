"""View: zoom, and how masks are shown."""

from __future__ import annotations

from bitmask_studio.actions.base import Action, Deed, Test, has_document
from bitmask_studio.core.settings import Setting
from bitmask_studio.core.text import tr
from bitmask_studio.core.tone import NEUTRAL
from bitmask_studio.studio import preferences
from bitmask_studio.studio.session import Session

_TONE_STEP = 10


def toggle_outline(session: Session) -> None:
    session.studio.set(preferences.OUTLINE, not session.studio.view.outline)
    session.studio.show(outline=not session.studio.view.outline)


def toggle_by_object(session: Session) -> None:
    session.studio.set(preferences.COLOR_BY_OBJECT, not session.studio.view.by_object)
    session.studio.show(by_object=not session.studio.view.by_object)


def toggle_others(session: Session) -> None:
    session.studio.show(only_chosen=not session.studio.view.only_chosen)


def toggle_peek(session: Session) -> None:
    if not session.studio.view.peek:
        session.studio.say(tr("Masks are hidden until you press V."))
    session.studio.show(peek=not session.studio.view.peek)


def change_opacity(step: int) -> Deed:
    def run(session: Session) -> None:
        percent = min(max(round(session.studio.view.opacity * 100) + step, 0), 100)
        session.studio.set(preferences.OPACITY, percent)
        session.studio.show(opacity=percent / 100)

    return run


def change_tone(brightness: int = 0, contrast: int = 0) -> Deed:
    return lambda session: session.studio.show(tone=session.studio.view.tone.changed(brightness, contrast))


def reset_tone(session: Session) -> None:
    session.studio.show(tone=NEUTRAL)


def has_tone(session: Session) -> bool:
    return has_document(session) and not session.studio.view.tone.neutral


def set_theme(name: str) -> Deed:
    return lambda session: session.studio.set(preferences.THEME, name)


def setting_is(setting: Setting[str], value: str) -> Test:
    return lambda session: session.studio.settings.get(setting) == value


TONE_ACTIONS = (
    *(
        Action(f"tone_{name}", title, "View", 82 + order, change_tone(*change), key, has_document, icon=icon, group=3)
        for order, (name, title, change, key, icon) in enumerate(
            (
                ("brighter", tr("Brighter Picture"), (_TONE_STEP, 0), "Ctrl+Up", "brightness"),
                ("darker", tr("Darker Picture"), (-_TONE_STEP, 0), "Ctrl+Down", "brightness"),
                ("more_contrast", tr("More Contrast"), (0, _TONE_STEP), "Ctrl+Shift+Up", "tone"),
                ("less_contrast", tr("Less Contrast"), (0, -_TONE_STEP), "Ctrl+Shift+Down", "tone"),
            )
        )
    ),
    Action(
        "tone_reset",
        tr("Reset Brightness and Contrast"),
        "View",
        86,
        reset_tone,
        "Ctrl+Shift+B",
        has_tone,
        icon="undo",
        group=3,
    ),
)

ACTIONS = (
    Action(
        "fit",
        tr("Fit"),
        "View",
        10,
        lambda session: session.studio.screen.fit(),
        "Ctrl+0",
        has_document,
        icon="zoom-fit",
    ),
    Action(
        "actual_size",
        tr("Actual Size (1:1)"),
        "View",
        20,
        lambda session: session.studio.screen.actual_size(),
        "Ctrl+1",
        has_document,
        icon="zoom-actual",
    ),
    Action(
        "zoom_in",
        tr("Zoom In"),
        "View",
        30,
        lambda session: session.studio.screen.zoom_by(1),
        "Ctrl++, Ctrl+=",
        has_document,
        icon="zoom-in",
    ),
    Action(
        "zoom_out",
        tr("Zoom Out"),
        "View",
        40,
        lambda session: session.studio.screen.zoom_by(-1),
        "Ctrl+-",
        has_document,
        icon="zoom-out",
    ),
    Action(
        "peek",
        tr("Peek: Hide Masks While Held"),
        "View",
        50,
        toggle_peek,
        "V",
        has_document,
        lambda session: session.studio.view.peek,
        "peek",
        group=1,
        hold=True,
    ),
    Action(
        "outline",
        tr("Outlines Only"),
        "View",
        60,
        toggle_outline,
        "Z",
        has_document,
        lambda session: session.studio.view.outline,
        "outline",
        group=1,
    ),
    Action(
        "only_chosen",
        tr("Hide Other Objects"),
        "View",
        70,
        toggle_others,
        "Shift+V",
        has_document,
        lambda session: session.studio.view.only_chosen,
        "eye-off",
        group=1,
    ),
    Action(
        "by_object",
        tr("A Colour for Each Object"),
        "View",
        75,
        toggle_by_object,
        "Ctrl+Shift+C",
        has_document,
        lambda session: session.studio.view.by_object,
        "fill-mode",
        group=1,
    ),
    Action(
        "opaquer", tr("More Opaque"), "View", 80, change_opacity(5), "Alt+Up", has_document, icon="opacity", group=2
    ),
    Action(
        "clearer", tr("Less Opaque"), "View", 81, change_opacity(-5), "Alt+Down", has_document, icon="opacity", group=2
    ),
    *TONE_ACTIONS,
    *(
        Action(
            f"theme_{name}",
            title,
            "View",
            90 + order,
            set_theme(name),
            checked=setting_is(preferences.THEME, name),
            icon="theme",
            group=4,
        )
        for order, (name, title) in enumerate(
            (("system", tr("Theme of the System")), ("light", tr("Light Theme")), ("dark", tr("Dark Theme")))
        )
    ),
)
