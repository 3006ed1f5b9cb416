/** Full screen, offered only where the browser and the page around allow it. */

/** @param {HTMLElement} button hidden where there is no full screen */
export function offerFullscreen(button) {
  button.hidden = !document.fullscreenEnabled;
}

/** @param {HTMLElement} root @returns {Promise<void>} also where the browser says no */
export async function toggleFullscreen(root) {
  if (!document.fullscreenEnabled) return;
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await root.requestFullscreen();
  } catch {
    // The visitor or the browser said no: the view stays as it is.
  }
}
