"""A program with a picture on its canvas at 1:1: clicks and strokes are given in places of the image."""

from __future__ import annotations

from dataclasses import dataclass

from tests.xvfb.drawing import Place
from tests.xvfb.program import Program
from tests.xvfb.screen import SIGN, Screen, Spot


@dataclass(frozen=True)
class Desk:
    """`corner` is where the image's corner lies on the screen, `name` what the row is called."""

    program: Program
    corner: Spot
    name: str

    @classmethod
    def lay(cls, program: Program, name: str) -> Desk:
        """Wait for the row, show it at 1:1 and see where it lies."""
        program.wait_for_title(f"{name} - Bitmask Studio")
        program.keys("ctrl+1")
        return cls(program, program.screen.still_corner(), name)

    @property
    def screen(self) -> Screen:
        return self.program.screen

    def spot(self, place: Place) -> Spot:
        return self.corner.moved(*place)

    def press_and_draw(self, *path: Place) -> None:
        """Draw along the places and keep the button down."""
        self.program.drag(*map(self.spot, path))

    def draw(self, *path: Place) -> None:
        """Draw a stroke that leaves something to save."""
        self.press_and_draw(*path)
        self.program.do("mouseup", 1)
        self.wait_for_edits()

    def click(self, place: Place, *held: str) -> None:
        self.program.click(self.spot(place), *held)

    def wait_for_edits(self) -> None:
        self.program.wait_for_title(f"{self.name}* - Bitmask Studio")

    def wait_for_none(self) -> None:
        self.program.wait_for_title(f"{self.name} - Bitmask Studio")

    def wait_for_picture(self, place: Place) -> None:
        """Wait until the picture alone is seen at a place."""
        self.screen.wait_for_color(self.spot(place), (*place, SIGN))

    def save(self) -> None:
        """Save, and wait for the title to say that nothing is left to save."""
        self.program.keys("ctrl+s")
        self.wait_for_none()
