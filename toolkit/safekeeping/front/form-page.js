// The page of a form: what every page does, and the form itself.
import { RENDERERS, hostModels, startHost } from "./host.js";
import { renderForm } from "./form.js";

RENDERERS.form = renderForm;

export default { start: startHost, models: hostModels };
