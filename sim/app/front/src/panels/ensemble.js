import { h } from "../ui/dom.js";
export const createEnsemble = () => ({ element: h("section") });
