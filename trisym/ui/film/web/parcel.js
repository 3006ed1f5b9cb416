/** Carries a few frames to the browser in a message of its own: a full parcel is sent once. */
import { filmStore, framesFromBase64, keepParcel } from "./reel.js";

/** @param {{data: {id: string, frames: string, count: number}}} component */
export default function carryFrames({ data }) {
  if (filmStore().parcels.has(data.id)) return;
  keepParcel(data.id, framesFromBase64(data.frames, data.count));
}
