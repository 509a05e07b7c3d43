"""What every page must withstand: axe, the narrowest phone, large letters, thumbs."""

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings

from .visitor import PHONE

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => {
  const {violations} = await axe.run({runOnly: rules, resultTypes: ["violations"]});
  return violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 150)}`));
}"""
# The widest thing that sticks out, for whoever has to mend it.
STICKS_OUT = """() => {
  const width = document.scrollingElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const boxes = [...document.body.querySelectorAll("*")].map(
    element => [element.getBoundingClientRect().right, element.outerHTML]);
  const [right, html] = boxes.sort((one, other) => other[0] - one[0])[0];
  return [`${Math.round(right)} px wide: ${html.slice(0, 150)}`];
}"""
# What a thumb presses on a resident's page. A link within a sentence is not of these.
THUMBS = (
    "button, .button, .go a, .option, select, summary, .numbers a, .menu a, .foot a"
)
TOO_LOW = """targets => targets.filter(target => target.checkVisibility())
  .map(target => [target.getBoundingClientRect().height, target.outerHTML])
  .filter(([height]) => 0 < height && height < 47.5)
  .map(([height, html]) => `${Math.round(height)} px high: ${html.slice(0, 150)}`)"""

# A page carries the rules it needs of the whole style: here none may be missing.
LEFT_OUT = """whole => {
  const selectors = sheet => [...sheet.cssRules].flatMap(
    rule => (rule.selectorText ?? "").split(",").map(selector => selector.trim()));
  const carried = new Set([...document.styleSheets].flatMap(selectors));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(whole);
  const meets = selector => document.querySelector(
    selector.replace(/::?(before|after|hover|focus(-visible)?|checked)/g, "")
      .replace(/^(?= [+]|$)/, "*"));
  return selectors(sheet).filter(one => one && !carried.has(one) && meets(one))
    .map(selector => `without the style of ${selector}`);
}"""


def problems(visitor, *, on_phones):
    """Return what is wrong with the page before her, each with its place."""
    page = visitor.page
    # A page that opens at its mistakes has its head half under the bar for leaving.
    page.evaluate("scrollTo(0, 0)")
    found = page.evaluate(LEFT_OUT, settings.INLINE_STYLE)
    # Without script no timer runs, and axe would wait for its own for ever.
    if page.evaluate("matchMedia('(scripting)').matches"):
        found += page.evaluate(f"{AXE_SCRIPT};({RUN})", LEVELS)
        page.emulate_media(color_scheme="dark")
        found += page.evaluate(RUN, ["color-contrast"])
        page.emulate_media(color_scheme="light")
    # Two columns have the least room at 1000. 320 pixels are 1280 at 400 %, and 640 are
    # they at 200 %.
    own = page.viewport_size
    for width in (1280, 1000, 640, 320, 360):
        page.set_viewport_size(PHONE["viewport"] | {"width": width})
        found += page.evaluate(STICKS_OUT)
    if on_phones:
        found += page.locator(THUMBS).evaluate_all(TOO_LOW)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += page.evaluate(STICKS_OUT)
    page.set_viewport_size(own)
    return found
