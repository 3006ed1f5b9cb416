/**
 * Streamlit's way in: called at first, and again at each change of data or theme.
 *
 * @typedef {import("./stage.js").Component} Component
 */
import { Stage } from "./stage.js";
import { store } from "./store.js";

/** @type {WeakMap<object, Stage>} */
const mounted = new WeakMap();

/** @param {Component} component */
export default function mount(component) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(".stage"));
  let stage = mounted.get(root);
  if (!stage || stage.abort.signal.aborted) {
    stage = new Stage(root, component);
    mounted.set(root, stage);
    store().stages.set(component.data.uid, stage);
  }
  stage.update(component);
  // Streamlit runs the cleanup of a call that a newer one overtook: only the last may end the stage.
  const live = stage;
  live.calls += 1;
  const call = live.calls;
  return () => {
    if (call === live.calls) live.dispose();
  };
}
