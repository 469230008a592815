/** The name of a new application. Its package, its stack, its bus and its topics have this name. */
import { basename } from "node:path";
import { nameFaults } from "../../lib/model/validation/names.ts";

const faultsOf = (where: string, name: string): readonly string[] => nameFaults("application", where, name);

/** A valid name that resembles the folder's name. */
const proposalFor = (folder: string): string => {
  const name = folder
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 64)
    .replace(/-$/, "");
  return faultsOf("", name).length === 0 ? name : "my-application";
};

type Named = { readonly name: string } | { readonly because: string };

/** The given name, or the folder's name. If the folder's name is not valid, the message proposes a name. */
export const nameOf = (folder: string, given: string | undefined): Named => {
  if (given !== undefined) {
    const [fault] = faultsOf("--name", given);
    return fault === undefined ? { name: given } : { because: fault };
  }
  const own = basename(folder);
  const [fault] = faultsOf("name of the folder", own);
  if (fault === undefined) return { name: own };
  return { because: `${fault}\nadd --name ${proposalFor(own)}` };
};
