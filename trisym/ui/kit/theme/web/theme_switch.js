/** Tells Python that the page has become light or dark: Streamlit calls this at each theme change. */
import { Theme } from "../../web/theme.js";

/** @type {boolean | undefined} what was told last: once is enough, whatever Python makes of it */
let told;

/**
 * @param {{data: {dark: boolean}, parentElement: HTMLElement | ShadowRoot,
 *   setTriggerValue: (name: string, value: boolean) => void}} component
 */
export default function tellTheme({ data, parentElement, setTriggerValue }) {
  const { dark } = new Theme("host" in parentElement ? parentElement.host : parentElement);
  if (dark !== data.dark && dark !== told) setTriggerValue("dark", dark);
  told = dark;
}
