/** The networks in the browser against torch; the cloud, drift and colours against NumPy. */
import assert from "node:assert/strict";
import test from "node:test";
import { EnergyHead } from "../../trisym/ui/symmetry/web/energy_head.js";
import { LatentCloud, LatentTrack } from "../../trisym/ui/kit/web/latent_track.js";
import { Network } from "../../trisym/ui/kit/web/encoder.js";
import { SymmetryScene } from "../../trisym/ui/symmetry/web/symmetry_scene.js";
import { perimetersOf } from "../../trisym/ui/kit/web/perimeters.js";
import { EXPECTED, near } from "./helpers.js";

const { cloud, networks } = EXPECTED;

/** @param {any} model @param {number[][]} inputs */
function encoded(model, inputs) {
  const network = new Network(model);
  return inputs.map((x) => Array.from(network.encode(x)));
}

for (const { name, slope, model, latents, rebuilt } of networks.rows) {
  test(`${name}, slope ${slope}: |Δz| and |Δx'| < 1e-5 on 1,000 inputs`, () => {
    const network = new Network(model);
    const found = encoded(model, networks.inputs);
    near(found, latents, 1e-5);
    near(found.map((z) => Array.from(network.decode(z))), rebuilt, 1e-5);
  });
}

test("the control: another slope gives other latents", () => {
  const [steep, flat] = networks.rows.filter((/** @type {any} */ row) => row.name === "h3");
  const [a, b] = [steep, flat].map(({ model }) => encoded(model, networks.inputs.slice(0, 20)).flat());
  assert.ok(Math.max(...a.map((z, i) => Math.abs(z - b[i]))) > 1e-3);
});

for (const { name, model, latents } of networks.library) {
  test(`${name} has the latents of trisym.load(name).encode`, () => {
    near(encoded(model, networks.triangles), latents, 1e-5);
  });
}

/** @returns {LatentCloud} */
function doneCloud() {
  const done = new LatentCloud(new Network(cloud.model), Float32Array.from(cloud.points));
  while (!done.done) done.work(5);
  return done;
}

test("spread² = Σ over nodes of the variance over the cloud", () => {
  const found = doneCloud();
  near(found.spread, cloud.spread, 0, 1e-5);
  near(found.mean, cloud.mean, 1e-5);
});

test("drift = |z - z_reference| / spread; a new shape starts again, a mirror image does not", () => {
  const clouds = doneCloud();
  const scene = new SymmetryScene({ pose: cloud.points.slice(0, 9) });
  const track = new LatentTrack(clouds.network, clouds);
  const told = [() => {}, () => scene.move(cloud.shift),
    () => scene.move(/** @type {any} */ (cloud.shift.map((/** @type {number} */ c) => -c))),
    () => scene.mirror([0, 0, 1]), () => scene.swap(0, 1)].map((act) => {
    act();
    track.follow(scene);
    return [track.drift ?? NaN, track.largest ?? NaN];
  });
  near(told.slice(0, 3), [[0, 0], [cloud.drift, cloud.drift], [0, cloud.drift]], 1e-9, 1e-4);
  assert.ok(told[3][0] > 0.01, "random weights know no mirror: it is drift, and is told");
  assert.deepEqual(told[4], [0, 0]);
  assert.ok((track.jump ?? 0) > 0.01);
  assert.equal(scene.references, 1);
});

test("a head's forces are those of torch: −∂E/∂x, back through head and encoder", () => {
  const { forces, model, molecules, nodes } = EXPECTED.head;
  const network = new Network(model);
  const head = new EnergyHead(network, model.head.layers, model.head.width);
  near(molecules.map((/** @type {number[]} */ v) => Array.from(head.forces(v))), forces, 1e-3, 1e-4);
  near(molecules.map((/** @type {number[]} */ v) => Array.from(network.encode(v)).slice(0, 3)), nodes, 1e-4);
  assert.ok(Math.max(...forces.flat().map(Math.abs)) > 1);
});

test("drift is of the nodes that count", () => {
  const counted = new Network({ ...cloud.model, counted: 1 });
  const one = new LatentCloud(counted, Float32Array.from(cloud.points));
  while (!one.done) one.work(5);
  const track = new LatentTrack(counted, one);
  const apart = Float64Array.from({ length: counted.h }, (_, node) => (node === 0 ? 0 : 5));
  near(track.inSpreads(apart, new Float64Array(counted.h)) ?? NaN, 0, 1e-12);
  assert.ok(one.spread < doneCloud().spread);
});

test("colours follow the perimeter, all but the ends of the range", () => {
  const { colours, range } = perimetersOf(Float32Array.from(cloud.points));
  const order = cloud.perimeters.map((/** @type {number} */ _, /** @type {number} */ i) => i)
    .sort((/** @type {number} */ i, /** @type {number} */ j) => cloud.perimeters[i] - cloud.perimeters[j]);
  for (let k = 1; k < order.length; k += 1) assert.ok(colours[order[k]] >= colours[order[k - 1]]);
  assert.ok(Math.min(...cloud.perimeters) <= range[0] && range[0] < range[1]);
  assert.ok(range[1] <= Math.max(...cloud.perimeters) + 1e-6);
});
