/**
 * An element as large as the screen, above all that a page has around it: in the browser's top layer,
 * where it stays in its place of the page's tree. kit.css gives `.live[data-large]` its size.
 */

/** @param {HTMLElement} element @param {number} below pixels that it leaves free below it */
export function showLarge(element, below) {
  element.style.setProperty("--below", `${below}px`);
  element.dataset.large = "true";
  if (element.popover !== "manual") element.popover = "manual";
  raise(element);
}

/** Put an element across the foot of the screen. @param {HTMLElement} element @param {number} below */
export function seat(element, below) {
  element.style.setProperty("--below", `${below}px`);
  element.dataset.seated = "true";
  if (element.popover !== "manual") element.popover = "manual";
  raise(element);
}

/** @param {HTMLElement} element */
export function showOnPage(element) {
  delete element.dataset.large;
  delete element.dataset.seated;
  element.popover = null; // which takes it out of the top layer: it is on the page again
}

/** Put a popover on top of all; what is there already is put there anew.
 * @param {HTMLElement} popover */
export function raise(popover) {
  if (isRaised(popover)) popover.hidePopover();
  popover.showPopover();
}

/** @param {HTMLElement} popover */
export function lower(popover) {
  if (isRaised(popover)) popover.hidePopover();
}

/** @param {HTMLElement} popover @returns {boolean} */
export function isRaised(popover) {
  return popover.matches(":popover-open");
}
