/**
 * The environment variable that switches off a warning of the AWS SDK about the versions of Node that it will support.
 * Our commands, the functions that run here and the tests set it, because the warning would appear between their
 * results.
 */
export const withoutSdkWarning = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" } as const;
