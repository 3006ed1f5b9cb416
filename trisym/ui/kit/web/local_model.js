/** A model of this browser as its live views take it. */
import { base64FromBytes } from "./base64.js";

/** @param {import("./local_store.js").LocalFacts} facts @param {Uint8Array<ArrayBuffer>} file a .safetensors
 * @returns {import("./encoder.js").ModelPayload} */
export function payloadOf(facts, file) {
  const size = Number(new DataView(file.buffer).getBigUint64(0, true));
  /** @type {Record<string, {shape: number[], data_offsets: [number, number]}>} */
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + size)));
  const bytes = (/** @type {string} */ name) => {
    const [from, to] = header[name].data_offsets;
    return file.subarray(8 + size + from, 8 + size + to);
  };
  const layers = (/** @type {string} */ part) => {
    const count = Object.keys(header).filter((name) => name.startsWith(part) && name.endsWith("weight")).length;
    return Array.from({ length: count }, (_, i) => {
      const name = `${part}.${i}`;
      const [rows, columns] = header[`${name}.weight`].shape;
      return { rows, columns, weights: base64FromBytes([bytes(`${name}.weight`), bytes(`${name}.bias`)]) };
    });
  };
  const network = /** @type {import("../../training/web/worker/network.js").AutoencoderConfig} */ (facts.config.network);
  return {
    id: facts.id, name: facts.id, title: facts.name, slope: network.activation === "linear" ? 1 : network.slope,
    inputActivation: network.input_activation, encoder: layers("encoder"), decoder: layers("decoder"),
  };
}
