// The page of a form: what every page does, and the form itself.
import { hostModels, startHost } from "./host.js";
import { renderForm } from "./form.js";

export default { start: () => startHost({ renderers: { form: renderForm } }), models: hostModels };
