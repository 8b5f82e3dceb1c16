"""The shared libraries that Qt loads, the Debian packages they come in, and how missing ones are installed."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from typing import Callable, Mapping

from steps import SetupError, at_terminal, confirmed, do, say

QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libbrotlidec.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
# With a screen, any missing one makes Qt abort with a message that always blames libxcb-cursor0.
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def has_screen(environ: Mapping[str, str]) -> bool:
    """Tell whether Qt will open windows on a real screen."""
    platform = environ.get("QT_QPA_PLATFORM")
    if platform:
        return platform.startswith(("xcb", "wayland"))
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def needed_libraries(environ: Mapping[str, str], platform: str = sys.platform) -> dict[str, str]:
    """Map the file name of each library needed here to its Debian package; other systems bring their own."""
    if not platform.startswith("linux"):
        return {}
    return {**QT_LIBRARIES, **SCREEN_LIBRARIES} if has_screen(environ) else QT_LIBRARIES


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(libraries: Mapping[str, str], can_load: Callable[[str], bool] = loads) -> list[str]:
    return [package for library, package in libraries.items() if not can_load(library)]


def missing_line(packages: list[str]) -> str:
    """Return the one line that names every missing package and the command that installs them."""
    return f"Debian packages are missing. Install them and start again: sudo apt-get install {' '.join(packages)}"


def privilege(packages: list[str]) -> list[str]:
    """Return what stands before apt-get: nothing for root, sudo after a yes; raise SetupError where neither will do."""
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            return []
        if shutil.which("sudo") and at_terminal():
            question = f"these Debian packages are missing: {' '.join(packages)}. Install them with sudo apt-get?"
            if confirmed(question):
                return ["sudo"]
    raise SetupError(missing_line(packages))


def install_packages(packages: list[str]) -> None:
    """Install Debian packages; raise SetupError in one line when that is not possible."""
    apt = [*privilege(packages), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    say(f"installing {len(packages)} missing Debian packages ...")
    do([*apt, "update"], "the list of Debian packages could not be read")
    do([*apt, "install", "-y", "--no-install-recommends", *packages], "Debian packages could not be installed")
