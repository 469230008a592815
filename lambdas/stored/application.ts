/** The application with its stored names, as the functions run it, and what reads its stored events. */
import { application as written } from "#application";
import { currentEvents } from "../../lib/model/events/current.ts";
import { asStored } from "../../lib/model/names/as-stored.ts";

export const application = asStored(written);
export const current = currentEvents(application.deciders);
