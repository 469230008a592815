/** Replaces each `{{name}}` of a template with a value. Braces in a value have no meaning. */
import { escaped } from "../../../model/http/html.ts";

/** The names between double braces. */
type Placeholder<Template extends string> = Template extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type Values<Template extends string> = { readonly [Name in Placeholder<Template>]: string };

const replaced = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{(.*?)\}\}/gs, (placeholder, name: string) => values[name] ?? placeholder);

export const fillText = <Template extends string>(template: Template, values: Values<Template>): string =>
  replaced(template, values);

/** Escapes the values, so that none can become markup. */
export const fillHtml = <Template extends string>(template: Template, values: Values<Template>): string => {
  const safe = Object.entries<string>(values).map(([name, value]) => [name, escaped(value)] as const);
  return replaced(template, Object.fromEntries(safe));
};
