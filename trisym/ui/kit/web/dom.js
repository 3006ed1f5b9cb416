/** Finding elements, and writing to them only what changed: layout is dear. */

/**
 * @template {Element} Kind
 * @param {ParentNode} root @param {string} selector
 * @param {{new (): Kind}} kind the class it must have
 * @returns {Kind}
 */
export function part(root, selector, kind) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`There is no ${kind.name} for ${selector}.`);
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement[]} */
export function parts(root, selector) {
  return [...root.querySelectorAll(selector)].filter((each) => each instanceof HTMLElement);
}

/** @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | number | boolean} value */
export function setAttribute(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** A button that is on or off. @param {Element} button @param {boolean} on */
export function press(button, on) {
  setAttribute(button, "aria-pressed", on);
}

/** A button with a sign and a name: ▶ Tumble, ■ Stop. @param {HTMLElement} button
 * @param {boolean} on @param {string} start its name while off */
export function pressToStop(button, on, start) {
  press(button, on);
  setText(part(button, ".sign", HTMLElement), on ? "■" : "▶");
  setText(part(button, ".name", HTMLElement), on ? "Stop" : start);
}
