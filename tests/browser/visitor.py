"""A planner in a real browser: finds fields by their words, waits until the page is done, keeps screenshots."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.dashboard.wording import WORDS

SHOTS = Path(__file__).resolve().parents[2] / "results" / "browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOCALES = ("en-GB", "zh-CN")
LONG = 120_000  # ms


def browser_path() -> str | None:
    """The browser of this computer."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """A headless browser, ended at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield found
        finally:
            found.close()


class Visitor:
    """One user with a tab of their own."""

    def __init__(self, browser: Any, url: str, language: int) -> None:
        self.url, self.language = url, language
        self.context = browser.new_context(viewport={"width": 1360, "height": 1500}, locale=LOCALES[language])
        self.page = self.context.new_page()
        self.page.set_default_timeout(LONG)  # what is slow on a busy machine is not wrong
        self.elsewhere: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", self._note)
        self.page.on("websocket", lambda socket: self._look(socket.url))
        self.page.on("console", lambda told: self.faults.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda told: self.faults.append(str(told)))

    def _note(self, request: Any) -> None:
        self._look(request.url)

    def _look(self, url: str) -> None:
        """Note whatever does not go to the dashboard itself."""
        own = self.url.removeprefix("http")
        if not url.startswith((f"http{own}", f"ws{own}", "data:", "blob:")):
            self.elsewhere.append(url)

    def word(self, key: str, *values: object) -> str:
        return WORDS[key][self.language].format(*values) if values else WORDS[key][self.language]

    def come(self, path: str = "") -> None:
        self.page.goto(self.url + path, timeout=LONG)
        self.page.get_by_text(self.word("title"), exact=True).wait_for(timeout=LONG)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has taken up the last change."""
        self.page.wait_for_timeout(400)
        self.page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')", timeout=LONG)

    def go_to(self, part: str) -> None:
        self.page.get_by_test_id("stSidebar").get_by_text(self.word(part), exact=True).click()
        self.page.get_by_role("heading", name=self.word(part), exact=True).wait_for(timeout=LONG)
        self.settle()

    def choose_lever(self, title: str) -> None:
        field = self.page.get_by_test_id("stMultiSelect").locator("input").first
        field.fill(title)
        self.page.get_by_role("option").first.wait_for(timeout=LONG)
        field.press("Enter")
        field.press("Escape")
        self.settle()

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_test_id("stSelectbox").filter(has_text=label).locator("input").first.click()
        self.page.get_by_role("option", name=option, exact=True).click()
        self.settle()

    def set_number(self, place: int, value: str) -> None:
        field = self.page.get_by_test_id("stNumberInput").locator("input").nth(place)
        field.fill(value)
        field.press("Enter")
        self.settle()

    def run(self) -> None:
        """Press the button and wait for the first result."""
        self.page.get_by_role("button", name=self.word("run"), exact=True).click()
        self.page.get_by_text(self.word("summary"), exact=True).wait_for(timeout=LONG)

    def wait_until_refined(self) -> None:
        """Wait until nothing is under way."""
        self.page.wait_for_function("!document.querySelector('[data-testid=stProgress]')", timeout=LONG)
        self.settle()

    def section(self, key: str) -> None:
        self.page.get_by_test_id("stButtonGroup").last.get_by_text(self.word(key), exact=True).click()
        self.settle()

    def fonts_of(self, selector: str) -> tuple[dict[str, int], dict[str, int]]:
        """With what the text of an element is drawn: families and their glyphs, the page's own and the computer's."""
        line = self.context.new_cdp_session(self.page)
        line.send("DOM.enable")
        line.send("CSS.enable")
        root = line.send("DOM.getDocument")["root"]["nodeId"]
        node = line.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        found = line.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        line.detach()
        sides = [{one["familyName"]: int(one["glyphCount"]) for one in found if one["isCustomFont"] is custom}
                 for custom in (True, False)]  # fmt: skip
        return sides[0], sides[1]

    def text(self) -> str:
        return str(self.page.locator("body").inner_text())

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=SHOTS / f"{('en', 'zh')[self.language]}_{name}.png")

    def leave(self) -> None:
        self.context.close()
