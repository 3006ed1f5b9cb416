/** Carries a few frames to the browser in a message of its own: a full parcel is sent once. */
import { filmStore, framesFromBase64, keepParcel, placeOf } from "./reel.js";

/** @param {{data: {id: string, frames: string, count: number}}} component */
export default function carryFrames({ data }) {
  const known = filmStore().parcels.get(placeOf(data.id));
  if (known && known.length === data.count) return;
  keepParcel(data.id, framesFromBase64(data.frames, data.count));
}
