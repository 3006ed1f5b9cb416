/**
 * Sends models that were trained in this browser to the server, each with its film and its history.
 *
 * @typedef {{data: {models: {id: string, title: string}[]}, parentElement: ParentNode,
 *   setTriggerValue: (name: string, value: unknown) => void}} SenderComponent
 */
import { keptCourse, keptRun } from "../../web/local_store.js";
import { part } from "../../web/dom.js";
import { sentRun } from "../../web/local_sent.js";

const LOST_HERE = "This browser does not have it any more.";

/** @param {SenderComponent} component @param {string} id @param {HTMLButtonElement} button */
async function send({ setTriggerValue }, id, button) {
  button.disabled = true;
  const [facts, course] = [await keptRun(id), await keptCourse(id)];
  if (facts?.file && course) setTriggerValue("sent", sentRun(facts, facts.file, course));
  else button.textContent = LOST_HERE;
}

/** @param {SenderComponent} component */
export default function offerToSend(component) {
  const place = part(component.parentElement, ".send-models", HTMLElement);
  place.replaceChildren(...component.data.models.map(({ id, title }) => {
    const button = Object.assign(document.createElement("button"), {
      type: "button", textContent: `Send ${title} to the server`,
    });
    button.addEventListener("click", () => void send(component, id, button).catch(() => {
      button.textContent = LOST_HERE;
    }));
    return button;
  }));
}
