/**
 * Plays the newest recording with state machines, and the oldest with choreography. `npm run test:stored` plays the
 * others.
 */
import { storedFolderGoesOn } from "./stored-folder.ts";

storedFolderGoesOn("2026-11-auto");
storedFolderGoesOn("0.1.0-choreography", ["--saga", "choreography"]);
