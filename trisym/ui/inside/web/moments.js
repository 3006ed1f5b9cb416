/** Carries the units of the recorded run to the browser, in a message of its own. */
import { arrival, arrive } from "../../kit/web/store.js";
import { reelFrom } from "./encoder_reel.js";

const MOST_REELS = 2;

/** @param {{data: import("./encoder_reel.js").ReelPayload | null}} component `null`: there is no run */
export default function carryMoments({ data }) {
  if (data && !arrival("moments", data.id)) arrive("moments", data.id, reelFrom(data), MOST_REELS);
}
