/**
 * Carries the reference set to the browser in a message of its own, so that another model on the
 * stage sends that model's weights (27 KB) and not the triangles again.
 */
import { float32FromBase64 } from "../../kit/web/base64.js";
import { keepReference, store } from "../../kit/web/store.js";

/** @param {{data: {id: string, triangles: string}}} component */
export default function carry({ data }) {
  if (store().references.has(data.id)) return;
  keepReference(data.id, float32FromBase64(data.triangles));
}
