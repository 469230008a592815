/** `npm run test:stored`: the recordings that `npm test` does not play. */
import { storedFolderGoesOn } from "../e2e/stored-folder.ts";

storedFolderGoesOn("0.1.0-auto");
storedFolderGoesOn("2026-11-choreography", ["--saga", "choreography"]);
