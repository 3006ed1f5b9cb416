/** A scene as a Jupyter notebook, as trisym/ui/kit/notebook.py makes it. */

const SCENE = "scene"; // the cell that what one sees is put into

/** JSON's way to write a text is one of Python's, too.
 * @template {{cells: {id: string, source: string}[]}} Notebook
 * @param {Notebook} waiting @param {Record<string, unknown>} scene @returns {Notebook} */
export function withScene(waiting, scene) {
  const source = `scene = json.loads(${JSON.stringify(JSON.stringify(scene))})`;
  const cells = waiting.cells.map((cell) => (cell.id === SCENE ? { ...cell, source } : cell));
  return { ...waiting, cells };
}
