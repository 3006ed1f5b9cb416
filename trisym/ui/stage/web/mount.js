/** The stage as Streamlit mounts it. */
import { Stage } from "./stage.js";
import { mounting } from "./mounting.js";
import { store } from "./store.js";

export default mounting(".stage", (root, component) => {
  const stage = new Stage(root, component);
  store().stages.set(component.data.uid, stage);
  return stage;
});
