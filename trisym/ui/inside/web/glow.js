/** How brightly a unit's dot is lit: from faint to the warm colour that viridis does not have. */
import { POINT_COLOUR, blend } from "../../kit/web/theme.js";

const FAINT = 0.26;

/** @param {import("../../kit/web/theme.js").Theme} theme @param {number} light 0 to 1
 * @returns {import("../../kit/web/theme.js").Rgb} */
export function glow(theme, light) {
  const low = blend(theme.background, theme.text, FAINT);
  const high = theme.dark ? theme.warning : POINT_COLOUR;
  return blend(low, high, Math.min(Math.max(light, 0), 1));
}
