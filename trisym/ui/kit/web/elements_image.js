/**
 * The elements around a board's canvases as the browser itself draws them: words, legends, bars and
 * marks, as images for a picture or a video. What is there for the hand alone is left out.
 */

/** For the hand, not for print: its room stays empty. */
const CONTROLS = ".frame > :not(.board, [data-printed]), .board :is(button:not([role=radio], .title), input, select, textarea, form), "
  + ".corner, .tools, .desk, .nodes, .help, .fault";
const INHERITED = ["color", "font-family", "font-size", "font-weight", "line-height", "color-scheme"];

/** @typedef {{copy: HTMLElement, family: string, width: number, height: number, screen: number}} Elements
 * copy: of the live view, with its style; screen: the window's height, which its style asks for */

/** The elements as they are now. @param {HTMLElement} board
 * @param {{left: number, top: number, width: number, height: number}} frame what is shown of the page
 * @returns {Elements} */
export function elementsOf(board, frame) {
  const root = /** @type {HTMLElement} */ (board.closest(".live"));
  const rules = rulesAround(root);
  const at = root.getBoundingClientRect();
  const wrapper = document.createElement("div");
  const [own, outer] = [getComputedStyle(root), getComputedStyle(parentOf(root))];
  for (const name of new Set(rules.match(/--st-[a-z-]+/g))) {
    wrapper.style.setProperty(name, own.getPropertyValue(name));
  }
  for (const name of INHERITED) wrapper.style.setProperty(name, outer.getPropertyValue(name));
  Object.assign(wrapper.style, {
    position: "absolute", left: `${at.left - frame.left}px`, top: `${at.top - frame.top}px`, width: `${at.width}px`,
  });
  const style = document.createElement("style");
  style.textContent = `${rules} :is(${CONTROLS}) { visibility: hidden !important }`;
  wrapper.append(style, root.cloneNode(true));
  return {
    copy: wrapper,
    family: own.fontFamily,
    width: innerWidth,
    height: frame.height,
    screen: innerHeight,
  };
}

/** In screens below each other: a style that asks for the window's size finds it in each.
 * @param {Elements} elements @returns {Promise<HTMLImageElement[]>} */
export async function imagesOf({ copy, family, width, height, screen }) {
  const holder = document.createElement("div"); // HTML's own parser knows what an SVG is
  holder.innerHTML = `<svg width="${width}" height="${screen}" style="font-size: ${getComputedStyle(document.documentElement).fontSize}">`
    + `<style></style><foreignObject width="${width}" height="${height + screen}"></foreignObject></svg>`;
  const [style, place] = holder.querySelectorAll("style, foreignObject");
  style.textContent = await fontRules(family);
  place.append(copy);
  return Promise.all(Array.from({ length: Math.ceil(height / screen) }, async (_, i) => {
    place.setAttribute("y", String(-i * screen));
    const image = new Image();
    const text = new XMLSerializer().serializeToString(/** @type {Node} */ (holder.firstChild));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    return image;
  }));
}

/** @param {HTMLElement} root @returns {Element} */
function parentOf(root) {
  const home = root.parentNode;
  return home instanceof ShadowRoot ? home.host : /** @type {Element} */ (home);
}

/** The rules that style a view: of its own tree. @param {HTMLElement} root @returns {string} */
function rulesAround(root) {
  const tree = /** @type {Document | ShadowRoot} */ (root.getRootNode());
  return [...tree.styleSheets, ...tree.adoptedStyleSheets].flatMap(rulesOf).map((rule) => rule.cssText).join("\n");
}

/** @param {CSSStyleSheet} sheet @returns {CSSRule[]} none of another site's */
function rulesOf(sheet) {
  try {
    return [...sheet.cssRules];
  } catch {
    return [];
  }
}

/** By family, once read. @type {Map<string, Promise<string>>} */
const fonts = new Map();

/** The page's type, inside the image: an image may fetch nothing. @param {string} family
 * @returns {Promise<string>} */
function fontRules(family) {
  const known = fonts.get(family) ?? readFonts(family);
  fonts.set(family, known);
  return known;
}

/** @param {string} family @returns {Promise<string>} none where a face can't be had */
async function readFonts(family) {
  const faces = [...document.styleSheets].flatMap(rulesOf).filter((rule) => rule instanceof CSSFontFaceRule)
    .filter(({ style }) => family.includes(style.getPropertyValue("font-family").replaceAll('"', ""))
      && style.getPropertyValue("font-style") !== "italic");
  return (await Promise.all(faces.map(inlined))).join("\n");
}

/** @param {CSSFontFaceRule} face @returns {Promise<string>} */
async function inlined(face) {
  const [, address] = /url\("?([^")]+)"?\)/.exec(face.style.getPropertyValue("src")) ?? [];
  const home = face.parentStyleSheet?.href ?? location.href;
  const found = address ? await fetch(new URL(address, home)).catch(() => null) : null;
  return found?.ok ? face.cssText.replace(address ?? "", await dataAddress(await found.blob())) : "";
}

/** @param {Blob} blob @returns {Promise<string>} */
function dataAddress(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("A font could not be read."));
    reader.readAsDataURL(blob);
  });
}
