/** What the local cloud knows about a resource type: names, ARNs, what Ref and Fn::GetAtt give, and who runs it. */

export type Place = {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  /** The URL of the AWS APIs. The SDKs call a queue at its URL, so queue URLs start with it. */
  readonly endpoint: string;
};

/** A resource whose name is known. `property` resolves one property at a time, when a name or an ARN needs it. */
export type Named = {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly property: (name: string) => unknown;
};

export type ProviderName =
  | "access"
  | "buckets"
  | "eventBuses"
  | "functions"
  | "httpApis"
  | "mail"
  | "mappings"
  | "queues"
  | "schedules"
  | "stateMachines"
  | "tables";

export type ResourceType = {
  /** The property that holds the physical name. If it is absent, `nameOf` makes a name. */
  readonly nameProperty?: string;
  readonly nameOf?: (named: Omit<Named, "name" | "arn">) => string;
  readonly arn?: (named: Omit<Named, "arn">) => string;
  /** The default is the name. */
  readonly ref?: (named: Named) => string;
  readonly attributes?: Readonly<Record<string, (named: Named) => string>>;
  /** What Fn::GetAtt gives for an attribute that is not listed. Without this, such an attribute is an error. */
  readonly otherAttribute?: (named: Named, attribute: string) => string;
} & ({ readonly provider: ProviderName } | { readonly notRun: string });
