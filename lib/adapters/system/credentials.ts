/**
 * A function's credentials are in its environment, in the cloud as in the local cloud, and are valid as long as the
 * process lives. Bundles contain this file instead of the SDK's own chain, which includes code to sign in by
 * browser, by files and by roles.
 */
import { optionalVariable, variable } from "../../ports/settings.ts";

/** The name is the one that the SDK's package exports. Throws if the environment has no credentials. */
export const defaultProvider = () => async () => ({
  accessKeyId: variable("AWS_ACCESS_KEY_ID"),
  secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
  sessionToken: optionalVariable("AWS_SESSION_TOKEN"),
});
