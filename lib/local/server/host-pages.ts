/**
 * Pages that the host of the local cloud adds, because they are about the app and not about its template. The local
 * cloud shows them and does not know what they say.
 */
import type { Cloud } from "../service/service.ts";

type Fact = { readonly name: string; readonly value: string };

type Link = { readonly path: string; readonly about: string };

/** Something that a person should look at: what it is, why, and the command or page that helps. */
type Concern = { readonly what: string; readonly why: string; readonly help: string };

/** What the start page says of the app. */
export type About = {
  readonly title: string;
  /** What runs. */
  readonly facts: readonly Fact[];
  /** Paths of the API or of the local cloud. */
  readonly links: readonly Link[];
  /** Asked each time the page is shown. */
  readonly concerns: (cloud: Pick<Cloud, "resources" | "invoke">) => Promise<readonly Concern[]>;
};

/** A file on this machine and the path below `/_local/` where clients find it. */
export type HostFile = {
  readonly path: `/_local/${string}`;
  readonly contentType: string;
  readonly file: string;
};

/** HTML, and what the page may load. */
export type Html = { readonly text: string; readonly policy: string };

export type HostPages = {
  readonly about: About;
  readonly files: readonly HostFile[];
  /** By the path of the API. Shown instead of a page that the API answers with 200 and HTML. */
  readonly insteadOf: Readonly<Record<string, Html>>;
};
