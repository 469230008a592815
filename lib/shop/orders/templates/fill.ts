/** Puts values in the place of a template's `{{name}}`. A value stands there as it is, whatever braces it has. */
import { escaped } from "../../../model/http/html.ts";

/** The names between double braces, as they stand there. */
type Placeholder<Template extends string> = Template extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type Values<Template extends string> = { readonly [Name in Placeholder<Template>]: string };

const replaced = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{(.*?)\}\}/gs, (placeholder, name: string) => values[name] ?? placeholder);

export const fillText = <Template extends string>(template: Template, values: Values<Template>): string =>
  replaced(template, values);

/** No value can become markup. */
export const fillHtml = <Template extends string>(template: Template, values: Values<Template>): string => {
  const safe = Object.entries<string>(values).map(([name, value]) => [name, escaped(value)] as const);
  return replaced(template, Object.fromEntries(safe));
};
