/**
 * Streamlit's way in to a live view: called at first, and again at each change of data or theme.
 *
 * @typedef {{calls: number, abort: AbortController, update(component: any): void, dispose(): void}}
 *   LiveView
 */

/**
 * What Components v2 takes as the default export: it makes one view for each root element.
 *
 * @template {LiveView} View
 * @param {string} selector of the root element
 * @param {(root: HTMLElement, component: any) => View} make
 * @returns {(component: any) => () => void}
 */
export function mounting(selector, make) {
  /** @type {WeakMap<object, View>} */
  const mounted = new WeakMap();
  return (component) => {
    const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(selector));
    let view = mounted.get(root);
    if (!view || view.abort.signal.aborted) {
      view = make(root, component);
      mounted.set(root, view);
    }
    view.update(component);
    // Streamlit runs the cleanup of a call that a newer one overtook: only the last may end the view.
    const live = view;
    live.calls += 1;
    const call = live.calls;
    return () => {
      if (call === live.calls) live.dispose();
    };
  };
}
