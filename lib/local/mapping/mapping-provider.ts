/** The provider of AWS::Lambda::EventSourceMapping for one kind of source. */
import type { Cloud, MakeProvider, Resource } from "../service/service.ts";
import { refuseDuplicates } from "./duplicate-mappings.ts";
import { type SourceKind, sourceKindOf } from "./source-kind.ts";

export type Mapping = {
  readonly start: () => Promise<void> | void;
  readonly stop: () => Promise<void> | void;
};

/** `makeMapping` is called once per cloud. The function that it returns is called once per mapping. */
export const mappingProvider =
  (kind: SourceKind, makeMapping: (cloud: Cloud) => (resource: Resource) => Mapping): MakeProvider =>
  (cloud, resources) => {
    const own = resources.filter((resource) => sourceKindOf(resource) === kind);
    refuseDuplicates(cloud, own);
    const mappings = own.map(makeMapping(cloud));
    return {
      start: async () => {
        for (const { start } of mappings) await start();
      },
      stop: async () => {
        await Promise.all(mappings.map(({ stop }) => stop()));
      },
    };
  };
