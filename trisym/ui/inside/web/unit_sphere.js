/**
 * A sphere of directions for one side: a dot for each hidden unit, on the sphere where it watches the
 * side and inside the ball where it does not; the side as an axis; dots are lit by |w·v|.
 *
 * @typedef {import("../../kit/web/theme.js").Theme} Theme
 * @typedef {import("./side_reading.js").SideReading} SideReading
 * @typedef {{x: number, y: number, depth: number, radius: number, light: number, watches: boolean,
 *   fresh: number}} Dot fresh: 1 where it has just been put to work, fading to 0
 */
import { blend, css, luminance } from "../../kit/web/theme.js";
import { Projection, clamp } from "../../kit/web/camera.js";
import { Surface } from "../../kit/web/surface.js";
import { cross } from "../../kit/web/geometry.js";
import { glow } from "./glow.js";

const REACH = 1.38; // of what fills the view, in radii of the ball: the axis sticks out
const AXIS = 1.24;
const USUAL_SHARE = 2 / 85; // of a unit where 85 add up to a side
const DOT = 0.062; // its radius then
const CIRCLE_STEPS = 60;
const FRESH_RING = 2; // pixels

export class UnitSphere {
  /** @param {HTMLCanvasElement} canvas @param {number} side */
  constructor(canvas, side) {
    this.surface = new Surface(canvas);
    this.side = side;
  }

  /** @param {SideReading} reading that has just measured @param {number[]} edge the side as seen
   * @param {import("../../kit/web/camera.js").CameraSettings} camera @param {Theme} theme
   * @param {Map<number, number>} fresh units that have just been put to work */
  draw(reading, edge, camera, theme, fresh) {
    const { surface } = this;
    if (surface.empty) return;
    const pen = surface.clear();
    const view = new Projection({ ...camera, zoom: 1 }, [0, 0, 0], REACH, surface.width, surface.height);
    const length = Math.hypot(...edge);
    const axis = edge.map((c) => (length ? c / length : 0));
    const dots = this.dots(reading, view, length, fresh).sort((a, b) => b.depth - a.depth);
    const [far, near] = this.ends(view, axis).sort((a, b) => b.spot[2] - a.spot[2]);
    this.drawBall(pen, view, theme);
    this.drawCircle(pen, view, axis, theme, true);
    this.drawEnd(pen, far, theme);
    for (const dot of dots) if (dot.depth > 0) drawDot(pen, dot, theme);
    this.drawAxis(pen, far, near, theme);
    this.drawCircle(pen, view, axis, theme, false);
    for (const dot of dots) if (dot.depth <= 0) drawDot(pen, dot, theme);
    this.drawEnd(pen, near, theme);
  }

  /** @param {SideReading} reading @param {Projection} view @param {number} length
   * @param {Map<number, number>} fresh @returns {Dot[]} */
  dots(reading, view, length, fresh) {
    const { places, share, watches, load, strong } = reading;
    const radius = view.scaleAt(0);
    const mean = reading.load.reduce((sum, each) => sum + each, 0) / reading.units;
    const found = [];
    for (let unit = 0; unit < reading.units; unit += 1) {
      if (reading.side[unit] !== this.side || !strong[unit]) continue;
      const [x, y, depth] = view.project(places[3 * unit], places[3 * unit + 1], places[3 * unit + 2]);
      const size = watches[unit] ? Math.abs(share[unit]) / USUAL_SHARE : load[unit] / mean;
      const scale = view.scaleAt(depth) / radius;
      const full = Math.abs(share[unit]) * length;
      found.push({
        x, y, depth, watches: Boolean(watches[unit]),
        radius: radius * scale * DOT * clamp(Math.sqrt(size), 0.35, 1.9),
        fresh: fresh.get(unit) ?? 0,
        light: full ? clamp(Math.abs(reading.added(unit)) / full, 0, 1) : 0,
      });
    }
    return found;
  }

  /** Both ends of the side: the first of its vertices lies where v points.
   * @param {Projection} view @param {number[]} axis */
  ends(view, axis) {
    return [1, -1].map((sign) => ({
      spot: view.project(sign * AXIS * axis[0], sign * AXIS * axis[1], sign * AXIS * axis[2]),
      vertex: sign > 0 ? this.side : (this.side + 1) % 3,
    }));
  }

  /** @param {CanvasRenderingContext2D} pen @param {Projection} view @param {Theme} theme */
  drawBall(pen, view, theme) {
    const radius = view.scaleAt(0);
    const { centreX: x, centreY: y } = view;
    const light = pen.createRadialGradient(x - radius * 0.35, y - radius * 0.4, radius * 0.1, x, y, radius);
    light.addColorStop(0, css(theme.text, 0.015));
    light.addColorStop(1, css(theme.text, theme.dark ? 0.13 : 0.1));
    pen.fillStyle = light;
    pen.strokeStyle = css(theme.text, 0.22);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }

  /** Where w·v = 0: the directions that see nothing of the side. @param {CanvasRenderingContext2D} pen
   * @param {Projection} view @param {number[]} axis @param {Theme} theme @param {boolean} back */
  drawCircle(pen, view, axis, theme, back) {
    const least = axis.map(Math.abs).indexOf(Math.min(...axis.map(Math.abs)));
    const helper = [0, 1, 2].map((i) => Number(i === least));
    const first = directionOf(cross(asPoint(axis), asPoint(helper)));
    const second = cross(asPoint(axis), asPoint(first));
    pen.strokeStyle = css(theme.text, back ? 0.16 : 0.4);
    pen.lineWidth = back ? 1 : 1.5;
    pen.beginPath();
    let drawing = false;
    for (let step = 0; step <= CIRCLE_STEPS; step += 1) {
      const turn = (2 * Math.PI * step) / CIRCLE_STEPS;
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      const [x, y, depth] = view.project(...asPoint(first.map((f, i) => c * f + s * second[i])));
      const seen = depth > 0 === back;
      if (seen && drawing) pen.lineTo(x, y);
      else if (seen) pen.moveTo(x, y);
      drawing = seen;
    }
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {{spot: number[], vertex: number}} far
   * @param {{spot: number[], vertex: number}} near @param {Theme} theme */
  drawAxis(pen, far, near, theme) {
    const [[ax, ay], [bx, by]] = [far.spot, near.spot];
    const ramp = pen.createLinearGradient(ax, ay, bx, by);
    ramp.addColorStop(0, css(theme.vertices[far.vertex], 0.85));
    ramp.addColorStop(1, css(theme.vertices[near.vertex], 0.85));
    pen.strokeStyle = ramp;
    pen.lineWidth = clamp(this.surface.width / 70, 2, 5);
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(ax, ay);
    pen.lineTo(bx, by);
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {{spot: number[], vertex: number}} end
   * @param {Theme} theme */
  drawEnd(pen, { spot: [x, y], vertex }, theme) {
    const radius = clamp(this.surface.width / 22, 7, 15);
    const colour = theme.vertices[vertex];
    pen.fillStyle = css(colour);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = luminance(colour) > 0.3 ? "#111" : "#fff";
    pen.font = theme.type(theme.typeSize(radius * 1.25), 700);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(vertex + 1), x, y + 0.5);
  }
}

/** @param {CanvasRenderingContext2D} pen @param {Dot} dot @param {Theme} theme */
function drawDot(pen, { x, y, depth, radius, light, watches, fresh }, theme) {
  const behind = depth > 0;
  if (fresh) {
    pen.strokeStyle = css(theme.text, fresh);
    pen.lineWidth = FRESH_RING;
    pen.beginPath();
    pen.arc(x, y, radius + 2 * FRESH_RING, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.beginPath();
  pen.arc(x, y, Math.max(radius, 1.2), 0, 2 * Math.PI);
  if (!watches) {
    pen.strokeStyle = css(theme.text, behind ? 0.3 : 0.55);
    pen.lineWidth = 1.4;
    pen.stroke();
    return;
  }
  const colour = glow(theme, light);
  pen.fillStyle = css(behind ? blend(colour, theme.background, 0.5) : colour);
  pen.fill();
  pen.strokeStyle = css(theme.background, 0.8);
  pen.lineWidth = 1;
  pen.stroke();
  if (light < 0.5 || behind) return;
  pen.fillStyle = css(colour, 0.3 * (light - 0.5));
  pen.beginPath();
  pen.arc(x, y, radius * 2.1, 0, 2 * Math.PI);
  pen.fill();
}

/** @param {number[]} v */
function directionOf(v) {
  const size = Math.hypot(...v) || 1;
  return v.map((c) => c / size);
}

/** @param {number[]} v @returns {[number, number, number]} */
function asPoint([x, y, z]) {
  return [x, y, z];
}
