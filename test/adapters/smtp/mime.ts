/** Reads a message with two alternatives as a mail program does: RFC 2045 to 2047, as far as the tests need them. */
type Part = { readonly headers: ReadonlyMap<string, string>; readonly body: string };

const partIn = (text: string): Part => {
  const end = text.indexOf("\n\n");
  const unfolded = text.slice(0, end).replaceAll(/\n[ \t]+/g, " ");
  const fields = unfolded.split("\n").map((line) => /^([^:]+):\s*(.*)$/.exec(line));
  return {
    headers: new Map(fields.map((field) => [field?.[1]?.toLowerCase() ?? "", field?.[2] ?? ""])),
    body: text.slice(end + 2),
  };
};

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

const wordIn = (_: string, encoding: string, text: string): string =>
  (encoding.toUpperCase() === "B"
    ? Buffer.from(text, "base64")
    : quotedPrintable(text.replaceAll("_", " "))
  ).toString();

const contentOf = ({ headers, body }: Part): string => {
  const encoding = headers.get("content-transfer-encoding");
  if (encoding === "base64") return Buffer.from(body, "base64").toString();
  return encoding === "quoted-printable" ? quotedPrintable(body.replaceAll("=\n", "")).toString() : body;
};

export const mailIn = (message: string) => {
  const { headers, body } = partIn(message);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get("content-type") ?? "")?.[1];
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => partIn(part.replace(/^\n/, "").replace(/\n$/, "")));
  const partOf = (type: string) => {
    const found = parts.find((part) => part.headers.get("content-type")?.startsWith(type));
    return found && contentOf(found);
  };
  return {
    messageId: headers.get("message-id"),
    from: headers.get("from"),
    to: headers.get("to") ?? "",
    subject: (headers.get("subject") ?? "")
      .replaceAll(/\?=\s+=\?/g, "?==?")
      .replaceAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, wordIn),
    text: partOf("text/plain") ?? "",
    html: partOf("text/html") ?? "",
  };
};
