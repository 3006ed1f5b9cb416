/** Streamlit's way in: called at first, and again at each change of data or theme. */
import { EnergyStage } from "./energy_stage.js";
import { store } from "../../stage/web/store.js";

/** @type {WeakMap<object, EnergyStage>} */
const mountedEnergy = new WeakMap();

/** @param {import("./energy_stage.js").EnergyComponent} component */
export default function mountEnergy(component) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(".stage"));
  let stage = mountedEnergy.get(root);
  if (!stage || stage.abort.signal.aborted) {
    stage = new EnergyStage(root, component);
    mountedEnergy.set(root, stage);
    store().stages.set(component.data.uid, stage);
  }
  stage.update(component);
  // Streamlit runs the cleanup of a call that a newer one overtook: only the last may end the stage.
  const live = stage;
  live.calls += 1;
  const call = live.calls;
  return () => {
    if (call !== live.calls) return;
    live.dispose();
    if (store().stages.get(component.data.uid) === live) store().stages.delete(component.data.uid);
  };
}
