import { h } from "../ui/dom.js";
export const createWhatIf = () => ({ element: h("section") });
