/** Starts Swagger UI in the browser. It is a file, because the policy of the page forbids scripts in HTML. */

const viewer = document.getElementById("viewer");

const nothing = () => () => null;

/** The page has a title of its own, and there is one server only. */
const adapted = () => ({ wrapComponents: { InfoContainer: nothing, ServersContainer: nothing } });

/** Screen readers need a name for each field; that of a parameter is in its row. */
const nameFields = () => {
  for (const field of viewer.querySelectorAll("select:not([aria-label]), textarea:not([aria-label])")) {
    const { paramName = "Request body" } = field.closest("[data-param-name]")?.dataset ?? {};
    field.setAttribute("aria-label", field.title || paramName);
  }
};

/** The dialog for a token has no role, and its buttons have no names or other names than they show. */
const nameDialog = () => {
  const dialog = viewer.querySelector(".modal-ux");
  dialog?.setAttribute("role", "dialog");
  dialog?.setAttribute("aria-label", "Authorize");
  dialog?.querySelector(".close-modal")?.setAttribute("aria-label", "Close");
  for (const button of dialog?.querySelectorAll(".modal-btn") ?? []) button.removeAttribute("aria-label");
};

const nameAll = () => {
  nameFields();
  nameDialog();
};

new MutationObserver(nameAll).observe(viewer, { childList: true, subtree: true });

globalThis.SwaggerUIBundle({
  url: viewer.dataset.openapi,
  domNode: viewer,
  plugins: [adapted],
  // With deep links, a link is within a button, which screen readers do not read.
  deepLinking: false,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Its colors have too little contrast.
  syntaxHighlight: false,
  // No server elsewhere checks the document.
  validatorUrl: null,
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
