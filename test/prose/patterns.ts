/**
 * Turns of phrase that make readers of technical English stop. A hit is a place to look: rewrite the sentence, do not swap
 * the word. To add a pattern, add a row with an example that it must find. All patterns ignore case unless they say otherwise.
 */

type Pattern = {
  readonly name: string;
  readonly pattern: RegExp;
  /** What to write. */
  readonly instead: string;
  /** A sentence that the pattern finds. */
  readonly example: string;
};

const things =
  "one|two|three|an?|each|\\d+|files?|folders?|rows?|items?|tables?|functions?|requests?|writes?|lines?";
const counted = `${things}|suites?|tests?|units?|orders|commits|calls|events|construct|mapping|schema|handler`;
const perWhat =
  "role|order|commit|command|technology|projection|port|stream|event|row|batch|type|saga|effect|line|method|decider|" +
  "consumer|rule|file|folder|instance|step|message|second|minute";
const pronouns =
  "it|its|they|there|that|this|these|those|what|an?|the|each|all|none|one|no|only|he|she|you|we|nothing|nobody|AWS|Node|" +
  "CloudFormation|DynamoDB";

export const patterns: readonly Pattern[] = [
  {
    name: "nobody, whoever",
    pattern: /\b(nobody|somebody|whoever|whomever|whosoever)\b/gi,
    instead: "name the actor, or use the passive",
    example: "Nobody waits for this answer.",
  },
  {
    name: "anew",
    pattern: /\banew\b/gi,
    instead: "again, from scratch",
    example: "The commit is tried anew.",
  },
  {
    name: "for = because",
    pattern: new RegExp(`[,;:] for (${pronouns})\\b(?! example)`, "g"),
    instead: "because …",
    example: "The function waits, for the bus cannot redeliver, for it has no queue.",
  },
  {
    name: "is no X",
    pattern: /\b(is|are|was|were|be) no (?!longer|more|one|less|fewer|later|need|way|such|different)[a-z]+/gi,
    instead: "is not a …, has no …",
    example: "The key is no text.",
  },
  {
    name: "stands",
    pattern: /\b(stands?|stood|standing)\b(?! alone)(?!ard)/gi,
    instead: "is, is stored, remains",
    example: "The checkpoint stands in the row.",
  },
  {
    name: "tells",
    pattern: /\b(tells?|told|untold)\b/gi,
    instead: "reports, says, is notified",
    example: "The machine is told the outcome.",
  },
  {
    name: "What X is Y",
    pattern: /(^|[.:;*/] )What [a-z]+[^.?]{0,60}?\b(is|are|has|have|was|were|comes?|becomes?)\b/gm,
    instead: "name the thing: An event that …",
    example: "What fails is retried.",
  },
  {
    name: "what becomes of",
    pattern: /\b(becomes?|became) of\b/gi,
    instead: "name the result: the status of, the outcome of",
    example: "The page shows what becomes of it.",
  },
  {
    name: "possible is",
    pattern: /\bpossible (is|are)\b/gi,
    instead: "must be one of",
    example: "Possible are kafka and rabbitmq.",
  },
  {
    name: "one file a role",
    pattern: new RegExp(
      `\\b(${counted}) (file|folder|row|item|table|function|request|write|line|suite|test|unit|handler|port|stream|mapping|technology|task)? ?an? (${perWhat})\\b`,
      "g",
    ),
    instead: "per",
    example: "It has one file a role.",
  },
  {
    name: "so many",
    pattern: /\bso (many|much|long|often)\b(?! (that|as))/gi,
    instead: "say how many; for as long as",
    example: "It ends after so many seconds.",
  },
  {
    name: "all the same",
    pattern:
      /\b(all the same|at all events|by and by|for good|for ever|of old|to and fro|there(of|in|by)|where(of|in|by)|hitherto|upon)\b/gi,
    instead: "use a plain word, or leave it out",
    example: "It goes on all the same.",
  },
  {
    name: "of its own",
    pattern: /\bof (its|their|one's) own\b/gi,
    instead: "its own …, a separate …",
    example: "Each has a queue of its own.",
  },
  {
    name: "by itself",
    pattern: /\bby (it|them)sel(f|ves)\b/gi,
    instead: "automatically, alone",
    example: "The server ends by itself.",
  },
  {
    name: "where = if",
    pattern: /\bwhere (it|they|there|that|this|one|an?|the|no|none|nothing|somebody|nobody) [a-z]+ /gi,
    instead: "if …, when …",
    example: "It fails where there is no table.",
  },
  {
    name: "those that",
    pattern: /\b(those|that) (that|of|which|who)\b/gi,
    instead: "repeat the noun",
    example: "It lists those that wait.",
  },
  { name: "lies", pattern: /\b(lies|lay|dwells?)\b/gi, instead: "is", example: "The file lies in a folder." },
  {
    name: "bookish words",
    pattern: /\b(hindrance|betimes|whilst|thus|hence|hereby|wherefore|therefore)\b/gi,
    instead: "so, because",
    example: "It therefore waits.",
  },
  {
    name: "work off",
    pattern: /\bwork(s|ed|ing)? (it|them|messages|events)? ?off\b/gi,
    instead: "process",
    example: "Messages that cannot be worked off become dead letters.",
  },
  {
    name: "to be had",
    pattern: /\b(to|can(not)? be) be had\b|\bcan(not)? be had\b/gi,
    instead: "is available",
    example: "A broker that cannot be had is skipped.",
  },
];
