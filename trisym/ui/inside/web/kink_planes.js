/** Where a coordinate is 0: what lies below is bent by the leaky ReLU on the input. */
import { css } from "../../kit/web/theme.js";

const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

/** Three planes in the cube, each at the same height on its axis. @param {CanvasRenderingContext2D} pen
 * @param {import("../../kit/web/camera.js").Projection} view
 * @param {import("../../kit/web/theme.js").Theme} theme @param {number} at 0 to 1 */
export function drawKinkPlanes(pen, view, theme, at) {
  for (let axis = 0; axis < 3; axis += 1) {
    pen.beginPath();
    CORNERS.forEach(([a, b], i) => {
      const p = [0, 0, 0];
      p[axis] = at;
      p[(axis + 1) % 3] = a;
      p[(axis + 2) % 3] = b;
      const [x, y] = view.project(p[0], p[1], p[2]);
      if (i) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.closePath();
    pen.fillStyle = css(theme.warning, 0.1);
    pen.strokeStyle = css(theme.warning, 0.75);
    pen.lineWidth = 1.5;
    pen.fill();
    pen.stroke();
  }
}
