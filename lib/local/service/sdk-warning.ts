/**
 * The environment variable that switches off one warning of the AWS SDK: which version of Node its later versions
 * need. Our commands, the functions that run here and the tests set it, because it would be between their results.
 */
export const withoutSdkWarning = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" } as const;
