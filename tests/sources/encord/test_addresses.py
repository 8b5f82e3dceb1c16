"""No label row makes this computer ask an address inside its own network."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from bitmask_studio.sources.encord.worker.addresses import ForbiddenAddressError, is_link, is_public, target_of

INNER = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:192.168.1.1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "64:ff9b::10.0.0.1",
]


@pytest.mark.parametrize("address", INNER)
def test_an_address_of_an_inner_network_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("loopback", [False, True])
@pytest.mark.parametrize("address", [each for each in INNER if each not in ("127.0.0.1", "::1")])
def test_inner_addresses_are_refused_by_https_and_by_http(address: str, loopback: bool) -> None:
    host = f"[{address}]" if ":" in address else address
    for scheme in ("https", "http"):
        with pytest.raises((ForbiddenAddressError, OSError)):
            target_of(f"{scheme}://{host}/a.png", loopback)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f.1", "localhost."])
def test_this_computer_is_asked_only_when_the_platform_is_on_it(host: str) -> None:
    for scheme in ("https", "http"):
        with pytest.raises((ForbiddenAddressError, OSError)):
            target_of(f"{scheme}://{host}/a.png", loopback=False)
    assert target_of("http://127.0.0.1:81/a.png", loopback=True).addresses == ("127.0.0.1",)


def test_a_public_address_is_asked_by_https_alone() -> None:
    assert target_of("https://8.8.8.8/a.png", loopback=False).port == 443
    for loopback in (False, True):
        with pytest.raises(ForbiddenAddressError):
            target_of("http://8.8.8.8/a.png", loopback)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bucket/picture.png",
        "//8.8.8.8/a.png",
        "file:///etc/passwd",
        "ftp://8.8.8.8/a.png",
        "data:image/png;base64,AAAA",
        "https://",
        "https:///a.png",
        "https://user:secret@8.8.8.8/a.png",
        "https://8.8.8.8:99999/a.png",
        "https://[::1",
        f"https://8.8.8.8/{'a' * 20_000}",
        f"https://{'a' * 300}.example/",
    ],
)
def test_what_no_object_store_writes_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        target_of(url, loopback=True)


def test_a_request_line_cannot_be_broken_by_an_address() -> None:
    target = target_of("https://8.8.8.8/a b\r\nHost: evil/ü.png?x=1 2&signature=a%2Fb+c", loopback=False)
    assert not set(target.path) & set(" \r\n")
    assert target.path.isascii()
    assert target.path.endswith("signature=a%2Fb+c")


def test_only_addresses_count_as_links() -> None:
    assert is_link("https://host/a") and is_link("HTTP://host/a")
    assert not is_link("bucket/https://host") and not is_link("")
