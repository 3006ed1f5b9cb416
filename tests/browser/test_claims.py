"""The claims in a real browser: old links, unknown values, back and forward, search, views."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser import visit
from trisym.thesis import claims

FOLD = ".st-key-researchers *"  # below the claims
LINES = f'[data-testid="stMainBlockContainer"] [data-testid="stExpander"]:not({FOLD})'


def lines(page: Page) -> Locator:
    return page.locator(LINES)


def pill(page: Page, verdict: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{verdict} · "))


def is_chosen(page: Page, verdict: str) -> None:
    expect(pill(page, verdict)).to_have_attribute("aria-checked", "true")


def test_each_claim_is_one_line_that_opens(open_page: Callable[..., Page]) -> None:
    """In the fold of its section, while nothing is searched for."""
    page = open_page("claims")
    sections = [row.claim.section for row in claims.judge_all()]
    expect(lines(page)).to_have_count(len(set(sections)))
    first = sorted(set(sections))[0]
    lines(page).first.click()
    expect(lines(page)).to_have_count(len(set(sections)) + sections.count(first))
    line = lines(page).nth(1)
    expect(line.get_by_text("rule", exact=True)).not_to_be_visible()
    line.click()
    expect(line.get_by_text("rule", exact=True)).to_be_visible()


def test_an_older_link_with_a_count_opens_its_verdict(open_page: Callable[..., Page]) -> None:
    misprints = [row for row in claims.judge_all() if row.verdict == claims.MISPRINT]
    page = open_page("claims?verdicts=misprint+·+11")
    expect(lines(page)).to_have_count(len(misprints))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_unknown_value_is_a_sentence_and_the_known_one_counts(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("claims?verdicts=misprint&verdicts=nonsense")
    said = page.get_by_role("alert").filter(has_text="This link asks for 'nonsense'")
    expect(said).to_be_visible()
    misprints = [row for row in claims.judge_all() if row.verdict == claims.MISPRINT]
    expect(lines(page)).to_have_count(len(misprints))


def test_back_and_forward_restore_what_was_chosen(open_page: Callable[..., Page]) -> None:
    page = open_page("claims")
    all_of_them = lines(page).count()
    pill(page, "misprint").click()
    page.wait_for_url(re.compile("verdicts=misprint"))
    visit.wait_until_idle(page)
    chosen = lines(page).count()
    assert 0 < chosen != all_of_them
    page.get_by_test_id("stSidebarNav").get_by_text("Latent space", exact=True).click()
    page.wait_for_url(re.compile("/latent_space"))
    visit.wait_until_idle(page)
    page.go_back()
    page.wait_for_url(re.compile("claims.*verdicts=misprint"))
    expect(lines(page)).to_have_count(chosen)
    page.go_back()
    expect(lines(page)).to_have_count(all_of_them)
    page.go_forward()
    page.wait_for_url(re.compile("verdicts=misprint"))
    expect(lines(page)).to_have_count(chosen)


def test_fig_16_finds_fig_16_and_its_link_leads_to_the_heading(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("claims")
    page.get_by_label("Search").fill("Fig. 16")
    page.get_by_label("Search").press("Enter")
    page.wait_for_url(re.compile("words=Fig"))
    visit.wait_until_idle(page)
    named = re.compile(r"\b(Fig\.|figure) 16\b")
    found = [
        c for row in claims.judge_all() if named.search(f"{(c := row.claim).place} {c.states}")
    ]
    assert len(found) > 1
    expect(lines(page)).to_have_count(len(found))
    for line in lines(page).all():
        expect(line).to_contain_text(named)
    line = lines(page).filter(has_text="most linear node")
    line.click()
    visit.wait_until_idle(page)
    with page.context.expect_page() as opened:
        line.get_by_role("link", name="See it").click()
    view = opened.value
    heading = view.locator("#nodes")
    expect(heading).to_be_in_viewport()
    assert view.url.endswith("#nodes")
    view.close()
