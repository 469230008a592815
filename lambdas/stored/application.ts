/** The application with its stored names, as the functions run it. */
import { application as written } from "#application";
import { asStored } from "../../lib/model/names/as-stored.ts";

export const application = asStored(written);
