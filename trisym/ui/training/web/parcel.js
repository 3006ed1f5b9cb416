/** Carries a few frames to the browser in a message of its own: a full parcel is sent once. */
import { framesFromBase64, keepParcel, parcel } from "./frames.js";

/** @param {{data: {id: string, frames: string, count: number}}} component */
export default function carryFrames({ data }) {
  if (parcel(data.id).length === data.count) return;
  keepParcel(data.id, framesFromBase64(data.frames, data.count));
}
