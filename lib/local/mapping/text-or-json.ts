/** The value that a filter sees of bytes in Base64: the parsed value if they are a JSON object, otherwise the text. */
export const textOrJson = (base64: string): unknown => {
  const text = Buffer.from(base64, "base64").toString();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text;
  }
};
