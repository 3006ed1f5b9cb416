/** One object for each place on a page, however often Streamlit calls the component there. */
import { part } from "./dom.js";

/** What Components v2 take. Streamlit runs the cleanup of a call that a newer one overtook: only the
 * last may end what lives there.
 * @template {{update(component: C): void, dispose(): void}} T
 * @template {{parentElement: ParentNode}} C
 * @param {string} selector of the root @param {(root: HTMLElement, component: C) => T} make
 * @param {(living: T) => boolean} isOver @returns {(component: C) => () => void} */
export function mounting(selector, make, isOver) {
  /** @type {WeakMap<Element, {living: T, calls: number}>} */
  const mounted = new WeakMap();
  return (component) => {
    const root = part(component.parentElement, selector, HTMLElement);
    let known = mounted.get(root);
    if (!known || isOver(known.living)) {
      known = { living: make(root, component), calls: 0 };
      mounted.set(root, known);
    }
    const { living } = known;
    living.update(component);
    known.calls += 1;
    const call = known.calls;
    return () => {
      if (call === known?.calls) living.dispose();
    };
  };
}
