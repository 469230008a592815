/** Flowcharts in Mermaid: boxes, and arrows with labels. */
const shapes = {
  route: ["([", "])"],
  stream: ["[(", ")]"],
  saga: ["{{", "}}"],
  effect: ["[[", "]]"],
  projection: ["[/", "/]"],
  translator: ["[\\", "\\]"],
  source: [">", "]"],
  task: ["[", "]"],
  command: ["[", "]"],
  event: ["([", "])"],
  deadline: ["[/", "\\]"],
  end: ["((", "))"],
} as const;

export type Box = { readonly kind: keyof typeof shapes; readonly name: string; readonly text?: string };

export type Arrow = {
  readonly from: Box;
  readonly to: Box;
  readonly text?: string;
  readonly dotted?: true;
  readonly thick?: true;
};

export type Picture = { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] };

export const end = (name: string): Box => ({ kind: "end", name });

/** Lines of a label, without duplicates. */
export const lines = (texts: readonly string[]): string => [...new Set(texts)].join("<br>");

const idOf = ({ kind, name }: Box): string => `${kind}_${name.replaceAll(/\W/g, "_")}`;

const quoted = (text: string): string => `"${text.replaceAll('"', "#quot;")}"`;

const boxed = (box: Box): string => {
  const [open, close] = shapes[box.kind];
  return `${idOf(box)}${open}${quoted(box.text ?? box.name)}${close}`;
};

/** Several arrows between the same two boxes become one, with a line per text. */
const merged = (arrows: readonly Arrow[]): readonly Arrow[] => {
  const way = ({ from, to }: Arrow) => `${idOf(from)} ${idOf(to)}`;
  const ways = arrows.map(way);
  return arrows
    .filter((arrow, index) => ways.indexOf(way(arrow)) === index)
    .map((arrow) => {
      const together = arrows.filter((each) => way(each) === way(arrow));
      return { ...arrow, text: lines(together.flatMap(({ text }) => text ?? [])) };
    });
};

const lineOf = ({ dotted, thick }: Arrow): string => {
  if (thick) return "==>";
  return dotted ? "-.->" : "-->";
};

const drawn = (arrow: Arrow): string => {
  const { from, to, text } = arrow;
  return `${idOf(from)} ${lineOf(arrow)}${text ? `|${quoted(text)}|` : ""} ${idOf(to)}`;
};

export const flowchart = (direction: "LR" | "TB", { boxes, arrows }: Picture): string =>
  [
    `flowchart ${direction}`,
    ...[...new Set(boxes.map(boxed)), ...merged(arrows).map(drawn)].map((line) => `  ${line}`),
  ].join("\n");
