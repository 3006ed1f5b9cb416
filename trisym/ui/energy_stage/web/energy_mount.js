/** The energy view as Streamlit mounts it. */
import { EnergyStage } from "./energy_stage.js";
import { mounting } from "../../stage/web/mounting.js";
import { store } from "../../stage/web/store.js";

export default mounting(".stage", (root, component) => {
  const stage = new EnergyStage(root, component);
  store().stages.set(component.data.uid, stage);
  return stage;
});
