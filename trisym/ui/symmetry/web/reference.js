/**
 * Carries the reference set to the browser in a message of its own, so that another model on the
 * stage sends that model's weights (27 KB) and not the triangles again.
 */
import { arrival, arrive } from "../../kit/web/store.js";
import { float32FromBase64 } from "../../kit/web/base64.js";

const KEPT = 4; // sets of 1.8 MB at 50,000 triangles

/** @param {{data: {id: string, triangles: string}}} component */
export default function carryReference({ data }) {
  if (arrival("reference", data.id)) return;
  arrive("reference", data.id, float32FromBase64(data.triangles), KEPT);
}
