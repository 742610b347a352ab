"""Follows every link as everybody of the cast, and keeps one example of each page."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
from django.urls import Resolver404, resolve

from linli.registry.people.domain.login import COOKIE
from linli.site.demo.cast import CAST

PER_ROUTE = 9
"""How many addresses of one route are opened as one person: not all of them look alike."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that stands for its route: ``requests:detail``, who opened it, where it is, what it weighs."""

    name: str
    who: str
    path: str
    token: str


@dataclass(frozen=True, slots=True)
class Crawled:
    """The pages, one for each route, and the names of all routes that answered: files and pictures too."""

    pages: list[Page]
    answered: frozenset[str]


_LINK = re.compile(r'<(?:a\b[^>]*?\shref|img\b[^>]*?\ssrc)="([^"]+)"')
"""Where a page links to, and its pictures. Our templates quote and escape every attribute; a parser takes ten times as long."""


class Loads(HTMLParser):
    """What a page loads of itself: styles, scripts, pictures, icons."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        link = told.get("src") or (told.get("href") if tag == "link" else None)
        if link and link.startswith("/") and link not in self.found:
            self.found.append(link)


def sign_in(browser: httpx.Client, phone: str) -> None:
    """Sign in by the code that the demo shows on the page."""
    browser.get("/login/")
    browser.post("/login/", data=_hidden(browser.get("/login/").text) | {"phone": phone})
    page = browser.get("/login/code/").text
    code = re.search(r"验证码是 (\d{6})", page)
    assert code is not None, "the demo shows the code"
    browser.post("/login/code/", data=_hidden(page) | {"code": code[1]})
    assert browser.cookies.get(COOKIE)


def _hidden(page: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return dict(fields)


def crawl(address: str) -> Crawled:
    """Open everything as everybody; refuses dead links and faults of the house."""
    found: dict[str, Page] = {}
    answered: set[str] = set()
    dead: list[str] = []
    for who, phone in (("nobody", ""), *((one.key, one.phone) for one in CAST)):
        with httpx.Client(base_url=address, follow_redirects=False, timeout=30) as browser:
            if phone:
                sign_in(browser, phone)
            answered |= _walk(browser, who, found, dead)
    assert not dead, dead
    return Crawled(sorted(found.values(), key=lambda page: page.name), frozenset(answered))


def _walk(browser: httpx.Client, who: str, found: dict[str, Page], dead: list[str]) -> set[str]:
    waiting = deque(["/", "/c/longqi/", "/me/"])
    seen, opened = set(waiting), dict[str, int]()
    while waiting:
        path = waiting.popleft()
        name = route(path)
        if name is None:
            dead.append(f"{who}: {path} leads nowhere")
            continue
        if opened.get(name, 0) >= PER_ROUTE:
            continue
        opened[name] = opened.get(name, 0) + 1
        answer = browser.get(path)
        if answer.status_code not in (200, 301, 302, 303):
            dead.append(f"{who}: {path} answered {answer.status_code}")
        for link in _links(answer):
            target = _inside(urljoin(path, link))
            if target is not None and target not in seen:
                seen.add(target)
                waiting.append(target)
        if answer.status_code == 200 and _is_page(answer):
            found.setdefault(name, Page(name, who, path, browser.cookies.get(COOKIE) or ""))
    return set(opened)


def _is_page(answer: httpx.Response) -> bool:
    return answer.headers["content-type"].startswith("text/html")


def _links(answer: httpx.Response) -> list[str]:
    if answer.is_redirect:
        return [answer.headers["location"]]
    if not _is_page(answer):
        return []
    return [unescape(link) for link in _LINK.findall(answer.text)]


def _inside(link: str) -> str | None:
    """The path and query of a link of the house; None for others, for files and for switches of display."""
    parts = urlsplit(link)
    if parts.scheme not in ("", "http", "https") or parts.netloc or parts.path.startswith("/static/"):
        return None
    query = "" if re.search(r"(^|&)(mode|theme|language)=", parts.query) else parts.query
    return parts.path + (f"?{query}" if query else "")


def route(path: str) -> str | None:
    """The name of the route that answers an address."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return None
