import { h } from "../ui/dom.js";
export const createPlace = () => ({ element: h("section") });
