/**
 * The credentials of a function stand in its environment, in the cloud as in the local one, and are good for as
 * long as the process lives. Bundles have this in place of the SDK's own chain, which brings along how to sign in
 * by a browser, by files and by roles.
 */

/** Named as the package that it stands for names it. Throws where the environment has none. */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new Error("the environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  };
};
