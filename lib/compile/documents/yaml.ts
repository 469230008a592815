/**
 * JSON values as YAML 1.2 in block style, so that people can read them and compare two versions line by line. Texts that
 * readers of YAML 1.1 take for other values are quoted, too.
 */
import { Document, Scalar, visit } from "yaml";

/** YAML does not allow these characters as they are. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Fields without a value are left out, as in JSON. */
export const toYaml = (value: unknown): string => {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && scalar.value.search(unprintable) >= 0)
        scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const format = {
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
    lineWidth: 0,
  };
  return document.toString(format).replaceAll(unprintable, escaped);
};
